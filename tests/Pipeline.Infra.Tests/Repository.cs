namespace Pipeline.Infra.Tests;

/// <summary>Finds the files of the repository from the folder of the tests.</summary>
internal static class Repository
{
    private static readonly string s_root = Find();

    internal static string File(string path) => Path.Combine(s_root, path);

    internal static string Template(string name) => File($"deploy/aws/{name}.template.yaml");

    internal static string Claims(string name) => File($"deploy/aws/{name}.claims.yaml");

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository: no folder above holds Pipeline.sln.");
    }
}
