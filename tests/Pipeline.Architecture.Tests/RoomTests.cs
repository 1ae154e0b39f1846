using Microsoft.CodeAnalysis;

namespace Pipeline.Architecture.Tests;

/// <summary>The folders inside a package: their names, their size, and the arrows between them.</summary>
public sealed class RoomTests
{
    private const int MostFilesInAKnot = 8;
    private const int MostFilesInAFolder = 35;
    private const int MostLinesOfAType = 400;
    private const int MostPublicTypesOfCore = 45;

    public static TheoryData<string> Names => new(Packages.Projects().Select(path => Path.GetFileNameWithoutExtension(path)!));

    [Fact]
    public void FoldersOfCore_FormNoCircle()
    {
        Drawing drawing = Packages.All["Pipeline.Core"].Drawing;
        IEnumerable<string> circles =
            from circle in drawing.Folders.Knots()
            from arrow in drawing.Files.Arrows
            let start = Drawing.Folder(arrow.From)
            let end = Drawing.Folder(arrow.To)
            where start != end && circle.Contains(start) && circle.Contains(end)
            select $"{arrow.From} -> {arrow.To} ({drawing.Reasons[arrow]})";
        Check.Nothing(circles);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_FormNoLargeKnot(string package)
    {
        Drawing drawing = Packages.All[package].Drawing;
        IEnumerable<string> knots = drawing.Files.Knots()
            .Where(knot => knot.Sum(unit => drawing.FilesOf(unit).Count()) > MostFilesInAKnot)
            .Select(knot =>
                $"{knot.Count} files use each other: {string.Join(", ", knot)}. Their arrows: " + string.Join("; ", drawing.Files.Arrows
                .Where(arrow => knot.Contains(arrow.From) && knot.Contains(arrow.To))
                .Select(arrow => $"{Path.GetFileNameWithoutExtension(arrow.From)} -> {Path.GetFileNameWithoutExtension(arrow.To)}")));
        Check.Nothing(knots);
    }

    [Fact]
    public void Folders_NameTheirSubject() =>
        Check.Nothing(Repository.Files("src", "*.cs")
            .Where(file => file.Split('/').Any(part => part is "Internal" or "Helpers" or "Utils" or "Common")));

    [Fact]
    public void Folders_HoldFewEnoughFilesToRead()
    {
        IEnumerable<string> wide = Repository.Files("src", "*.cs").GroupBy(Drawing.Folder)
            .Where(folder => folder.Count() > MostFilesInAFolder)
            .Select(folder => $"{folder.Key} holds {folder.Count()} files; at most {MostFilesInAFolder}.");
        Check.Nothing(wide);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Types_AreShortEnoughToRead(string package)
    {
        IEnumerable<string> large =
            from type in Packages.All[package].Types
            let lines = type.DeclaringSyntaxReferences.Sum(Lines)
            where lines > MostLinesOfAType
            select $"{type.Name} has {lines} lines; at most {MostLinesOfAType}.";
        Check.Nothing(large);
    }

    [Fact]
    public void Core_OffersFewPublicTypes()
    {
        string[] types = [.. Packages.All["Pipeline.Core"].Types
            .Where(type => type.DeclaredAccessibility == Accessibility.Public).Select(type => type.Name)];
        Assert.True(types.Length <= MostPublicTypesOfCore, $"{types.Length} public types: {string.Join(", ", types)}.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Types_LiveInTheNamespaceOfTheirPackage(string package)
    {
        // The runtime looks for its start-up hook outside of any namespace; a program has its Main there.
        IEnumerable<string> strays = Packages.All[package].Types
            .Where(type => type.ContainingNamespace.ToDisplayString() != package && type.Name is not ("StartupHook" or "Program"))
            .Select(type => type.ToDisplayString());
        Check.Nothing(strays);
    }

    private static int Lines(SyntaxReference part)
    {
        SyntaxNode declaration = part.GetSyntax();
        int types = part.SyntaxTree.GetRoot()
            .DescendantNodes(node => node is not Microsoft.CodeAnalysis.CSharp.Syntax.BaseTypeDeclarationSyntax)
            .Count(node => node is Microsoft.CodeAnalysis.CSharp.Syntax.BaseTypeDeclarationSyntax);
        return types == 1 ? SourceLines.Count(part.SyntaxTree.FilePath) : declaration.GetText().Lines.Count;
    }
}
