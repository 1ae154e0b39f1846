using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pipeline.Architecture.Tests;

/// <summary>The rules of handwriting that .editorconfig cannot check.</summary>
public sealed partial class HandwritingTests
{
    private const int MostColumnsOfCode = 140;
    private const int MostColumnsOfProse = 160;

    private static readonly string[] s_folders = ["src", "tests", "benchmarks", "samples", "docs"];

    public static TheoryData<string> Names => RoomTests.Names;

    [Fact]
    public void Lines_FitTheScreen() => Check.Nothing(
        from folder in s_folders
        from file in Repository.Files(folder, "*.cs")
        from line in File.ReadLines(Repository.Absolute(file)).Index()
        where line.Item.Length > (line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal) ? MostColumnsOfProse : MostColumnsOfCode)
        select $"{file}:{line.Index + 1} has {line.Item.Length} columns; code has at most {MostColumnsOfCode}, comments "
            + $"{MostColumnsOfProse}.");

    /// <summary>Comments use the field's terms: "no thread" instead of "nobody", "any" instead of "whatever".</summary>
    [Fact]
    public void Comments_SpeakInTermsOfTheField() => Check.Nothing(
        from file in Repository.Files("src", "*.cs")
        from comment in Comments(file)
        let word = Pictures().Match(comment.Text)
        where word.Success
        select $"{file}:{comment.Line} says '{word.Value}'. Name the thread, the process, the caller or the value that is meant.");

    /// <summary>The type says that it is internal; its members say whether they are for its users.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void MembersOfInternalTypes_ArePublicOrPrivate(string package) => Check.Nothing(
        from type in Packages.All[package].Types
        where type.DeclaredAccessibility == Accessibility.Internal
        from member in type.GetMembers()
        where member.DeclaredAccessibility == Accessibility.Internal && !member.IsImplicitlyDeclared && !OverridesInternal(member)
        where member is not IMethodSymbol { AssociatedSymbol: not null }
        select $"{type.Name}.{member.Name} is written internal. Write public: the type is internal already.");

    private static bool OverridesInternal(ISymbol member) => member.IsOverride;

    private static IEnumerable<(int Line, string Text)> Comments(string file)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(File.ReadAllText(Repository.Absolute(file)));
        return from trivia in tree.GetRoot().DescendantTrivia()
               where trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
                   || trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia)
               from line in trivia.ToFullString().Split('\n').Index()
               select (tree.GetLineSpan(trivia.Span).StartLinePosition.Line + 1 + line.Index, line.Item);
    }

    [GeneratedRegex(@"\b(nobody|somebody|anybody|everybody|whatever|whoever|whichever comes)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Pictures();
}
