using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pipeline.Architecture.Tests;

/// <summary>One package of src: its source files, read with the symbols of the packages below it.</summary>
internal sealed class Package
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Preview, DocumentationMode.Parse);

    private static readonly MetadataReference[] s_framework = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => !Path.GetFileName(path).StartsWith("Pipeline.", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path))];

    private readonly Lazy<Drawing> _drawing;

    private Package(string name, CSharpCompilation compilation, IReadOnlyList<string> files)
    {
        Name = name;
        Compilation = compilation;
        Files = files;
        _drawing = new Lazy<Drawing>(() => Drawing.Of(this));
    }

    public string Name { get; }

    public CSharpCompilation Compilation { get; }

    /// <summary>Gets the source files, relative to the root of the repository.</summary>
    public IReadOnlyList<string> Files { get; }

    public Drawing Drawing => _drawing.Value;

    public IEnumerable<INamedTypeSymbol> Types => Symbols.TopLevelTypes(Compilation.Assembly.GlobalNamespace);

    /// <summary>Gets the packages that its project names, without those that these name.</summary>
    public IReadOnlyList<string> References { get; private init; } = [];

    public static Package Read(string project, IReadOnlyDictionary<string, Package> below)
    {
        XDocument xml = XDocument.Load(Repository.Absolute(project));
        string folder = Path.GetDirectoryName(project)!.Replace('\\', '/');
        string[] references = [.. ReferencesOf(project)];
        string[] files = [.. Repository.Files(folder, "*.cs")];
        List<SyntaxTree> trees =
            [.. files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(Repository.Absolute(file)), s_parse, file))];
        trees.Add(CSharpSyntaxTree.ParseText(GlobalUsings(xml), s_parse, "usings"));
        CSharpCompilation compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(project),
            trees,
            [.. s_framework, .. Reachable(references, below).Select(name => below[name].Compilation.ToMetadataReference())],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        return new Package(Path.GetFileNameWithoutExtension(project), compilation, files) { References = references };
    }

    public static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Load(Repository.Absolute(project)).Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));

    private static HashSet<string> Reachable(IEnumerable<string> references, IReadOnlyDictionary<string, Package> below)
    {
        HashSet<string> all = [];
        foreach (string name in references)
        {
            all.Add(name);
            all.UnionWith(Reachable(below[name].References, below));
        }

        return all;
    }

    private static string GlobalUsings(XDocument project)
    {
        string[] implied = [
            "System",
            "System.Collections.Generic",
            "System.IO",
            "System.Linq",
            "System.Net.Http",
            "System.Threading",
            "System.Threading.Tasks"];
        IEnumerable<string> named = project.Descendants("Using").Select(item => (string?)item.Attribute("Include")).OfType<string>();
        return string.Concat(implied.Concat(named).Select(space => $"global using {space};\n"));
    }
}
