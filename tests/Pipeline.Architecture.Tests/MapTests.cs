using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Pipeline.Architecture.Tests;

/// <summary>The pages that lead a reader through the source name types and files that exist.</summary>
public sealed partial class MapTests
{
    private const int MostLinesOfARoomPage = 80;

    /// <summary>Names that stand for something outside this repository.</summary>
    private static readonly HashSet<string> s_strangers = ["PATH", "JSON", "README", "ProcessPoolExecutor"];

    private static readonly Lazy<HashSet<string>> s_known = new(KnownNames);

    public static TheoryData<string> Pages => new(MapPages());

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_NamesOnlyWhatExists(string page)
    {
        string text = CodeBlock().Replace(File.ReadAllText(Repository.Absolute(page)), string.Empty);
        IEnumerable<string> unknown =
            from Match match in Quoted().Matches(text)
            let quoted = match.Groups["text"].Value
            where !Exists(page, quoted)
            select $"{page} names `{quoted}`, which no file, folder, type or member is called.";
        Check.Nothing(unknown.Distinct());
    }

    [Theory]
    [InlineData("src/Pipeline.Core")]
    [InlineData("src/Pipeline.Processes")]
    [InlineData("src/Pipeline.Sync")]
    [InlineData("src/Pipeline.Testing")]
    [InlineData("src/Pipeline.Imaging")]
    [InlineData("src/Pipeline.Profiling")]
    public void EnginePackage_HasAPageInARoom(string package) =>
        Assert.Contains(MapPages(), page => page.StartsWith(package + "/", StringComparison.Ordinal) && page.Count(c => c == '/') > 2);

    [Fact]
    public void RoomPages_AreShort() => Check.Nothing(MapPages()
        .Where(page => page.StartsWith("src/", StringComparison.Ordinal)
            && page.Count(c => c == '/') > 2
            && SourceLines.Count(page) > MostLinesOfARoomPage)
        .Select(page => $"{page} has {SourceLines.Count(page)} lines; a page has at most {MostLinesOfARoomPage}."));

    [Fact]
    public void PackagePages_SayWhatForWhatNotForAndShowAProgram() => Check.Nothing(
        from project in Packages.Projects()
        let page = Drawing.Folder(project) + "/README.md"
        let text = File.ReadAllText(Repository.Absolute(page))
        where !text.Contains("Not for", StringComparison.OrdinalIgnoreCase) || !text.Contains("```", StringComparison.Ordinal)
        select $"{page} does not say what the package is not for, or shows no program.");

    /// <summary>The pages about the inside: the map, the decisions, and one page in each room that has an engine.</summary>
    private static IEnumerable<string> MapPages() =>
        Repository.Files("src", "README.md").Where(page => page.Count(c => c == '/') > 2)
            .Concat(Repository.Files("docs/decisions", "*.md"))
            .Append("ARCHITECTURE.md");

    private static bool Exists(string page, string quoted)
    {
        if (FilePath().IsMatch(quoted))
        {
            string trimmed = quoted.TrimEnd('/');
            return Existing(trimmed)
                || Existing($"{Drawing.Folder("./" + page)}/{trimmed}")
                || Repository.Files("src", "*.cs").Any(file => file.EndsWith("/" + trimmed, StringComparison.Ordinal));
        }

        // `Type`, `Type.Member`, `Type<T>`, `Member()`; anything else (options, commands, formulas) is not a name.
        return !Name().IsMatch(quoted)
            || Identifier().Matches(quoted).All(part => s_known.Value.Contains(part.Value) || s_strangers.Contains(part.Value));
    }

    private static bool Existing(string path) => File.Exists(Repository.Absolute(path)) || Directory.Exists(Repository.Absolute(path));

    private static HashSet<string> KnownNames()
    {
        HashSet<string> names = [];
        foreach (INamedTypeSymbol type in Packages.All.Values.SelectMany(package => package.Types).SelectMany(Symbols.WithNested))
        {
            names.Add(type.Name);
            names.UnionWith(type.GetMembers().Select(member => member.Name));
            names.UnionWith(type.TypeParameters.Select(parameter => parameter.Name));
        }

        names.UnionWith(Packages.All.Keys.SelectMany(package => package.Split('.')));
        names.UnionWith(Repository.Files("src", "*.cs").SelectMany(file => file.Split('/')[..^1]));
        names.UnionWith(Frameworks(Packages.All["Pipeline.Core"].Compilation.GlobalNamespace));
        return names;
    }

    private static IEnumerable<string> Frameworks(INamespaceSymbol root) =>
        Symbols.TopLevelTypes(root)
            .Where(type => type.DeclaredAccessibility == Accessibility.Public)
            .SelectMany(type => type.MemberNames.Append(type.Name));

    [GeneratedRegex(@"```.*?```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`(?<text>[^`\n]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^[\w.\-]+(/[\w.\-]*)+$|^[\w.]+\.(cs|csproj|md|props|targets)$")]
    private static partial Regex FilePath();

    [GeneratedRegex(@"^[A-Z]\w+(<[\w, ]+>)?(\.[A-Z_]\w+(<[\w, ]+>)?)*(\(\))?$")]
    private static partial Regex Name();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Identifier();
}
