using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.Architecture.Tests;

/// <summary>The arrows of a package: which file names a type that another file declares. The parts of a partial type count as one file.</summary>
internal sealed class Drawing
{
    private readonly Dictionary<string, string> _unitOf;

    private Drawing(
        Dictionary<string, string> unitOf, Graph files, Dictionary<(string From, string To), string> reasons, HashSet<string> packages)
    {
        _unitOf = unitOf;
        Files = files;
        Reasons = reasons;
        OtherPackages = packages;
    }

    /// <summary>Gets the arrows between files.</summary>
    public Graph Files { get; }

    /// <summary>Gets one type that each arrow stands for.</summary>
    public IReadOnlyDictionary<(string From, string To), string> Reasons { get; }

    /// <summary>Gets the packages whose types are named.</summary>
    public IReadOnlySet<string> OtherPackages { get; }

    /// <summary>Gets the arrows between folders.</summary>
    public Graph Folders
    {
        get
        {
            Graph folders = new();
            foreach ((string from, string to) in Files.Arrows)
            {
                if (Folder(from) != Folder(to))
                    folders.Add(Folder(from), Folder(to));
            }

            return folders;
        }
    }

    public static Drawing Of(Package package)
    {
        Dictionary<string, string> unitOf = Units(package);
        Graph graph = new();
        Dictionary<(string From, string To), string> reasons = [];
        HashSet<string> others = [];
        foreach (SyntaxTree tree in package.Compilation.SyntaxTrees)
        {
            if (!unitOf.TryGetValue(tree.FilePath, out string? from))
                continue;
            foreach (INamedTypeSymbol type in TypesNamedIn(tree, package.Compilation.GetSemanticModel(tree)))
            {
                if (type.ContainingAssembly is { } assembly && assembly.Name != package.Name && Packages.All.ContainsKey(assembly.Name))
                    others.Add(assembly.Name);
                foreach (SyntaxReference declaration in type.DeclaringSyntaxReferences)
                {
                    if (!unitOf.TryGetValue(declaration.SyntaxTree.FilePath, out string? to) || to == from)
                        continue;
                    graph.Add(from, to);
                    reasons.TryAdd((from, to), type.Name);
                }
            }
        }

        return new Drawing(unitOf, graph, reasons, others);
    }

    /// <summary>Gets the files that make up a unit.</summary>
    public IEnumerable<string> FilesOf(string unit) => _unitOf.Where(pair => pair.Value == unit).Select(pair => pair.Key);

    public static string Folder(string file) => file[..file.LastIndexOf('/')];

    private static Dictionary<string, string> Units(Package package)
    {
        Dictionary<string, string> unitOf = package.Files.ToDictionary(file => file);
        foreach (INamedTypeSymbol type in package.Types)
        {
            string[] parts =
                [.. type.DeclaringSyntaxReferences.Select(part => part.SyntaxTree.FilePath).Where(unitOf.ContainsKey).Distinct()];
            foreach (string part in parts.Skip(1))
            {
                string merged = unitOf[part];
                foreach (string file in unitOf.Where(pair => pair.Value == merged).Select(pair => pair.Key).ToArray())
                    unitOf[file] = unitOf[parts[0]];
            }
        }

        return unitOf;
    }

    /// <summary>Finds the types that the text names, the types of <c>new()</c>, and the classes of called extension methods.</summary>
    private static HashSet<INamedTypeSymbol> TypesNamedIn(SyntaxTree tree, SemanticModel model)
    {
        HashSet<INamedTypeSymbol> types = new(SymbolEqualityComparer.Default);
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
        {
            ISymbol? symbol = node switch
            {
                SimpleNameSyntax name when Packages.TypeNames.Contains(name.Identifier.ValueText) => Resolve(model, name),
                ImplicitObjectCreationExpressionSyntax creation => model.GetTypeInfo(creation).Type,
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax } call => ExtensionOf(model, call),
                _ => null,
            };
            if (symbol is INamedTypeSymbol type)
                types.Add(Symbols.TopLevel(type).OriginalDefinition);
        }

        return types;
    }

    private static ISymbol? Resolve(SemanticModel model, SimpleNameSyntax name)
    {
        SymbolInfo info = model.GetSymbolInfo(name);
        ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        return symbol switch
        {
            INamedTypeSymbol type => type,
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => constructor.ContainingType,
            _ => null,
        };
    }

    private static INamedTypeSymbol? ExtensionOf(SemanticModel model, InvocationExpressionSyntax call) =>
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { IsExtensionMethod: true } method ? method.ContainingType : null;
}
