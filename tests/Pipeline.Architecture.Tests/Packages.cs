namespace Pipeline.Architecture.Tests;

/// <summary>All packages of src, read once.</summary>
internal static class Packages
{
    private static readonly Lazy<IReadOnlyDictionary<string, Package>> s_all = new(ReadAll);
    private static readonly Lazy<HashSet<string>> s_typeNames =
        new(() => [.. All.Values.SelectMany(package => package.Types).SelectMany(Symbols.WithNested).Select(type => type.Name)]);

    public static IReadOnlyDictionary<string, Package> All => s_all.Value;

    /// <summary>Gets the names of all types of all packages, nested ones too.</summary>
    public static HashSet<string> TypeNames => s_typeNames.Value;

    public static IEnumerable<string> Projects() => Repository.Files("src", "*.csproj");

    private static Dictionary<string, Package> ReadAll()
    {
        Dictionary<string, string> projects = Projects().ToDictionary(path => Path.GetFileNameWithoutExtension(path)!);
        Dictionary<string, Package> read = [];
        foreach (string name in projects.Keys)
            Read(name);
        return read;

        void Read(string name)
        {
            if (read.ContainsKey(name))
                return;
            foreach (string below in Package.ReferencesOf(projects[name]))
                Read(below);
            read.Add(name, Package.Read(projects[name], read));
        }
    }
}
