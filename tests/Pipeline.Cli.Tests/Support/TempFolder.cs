namespace Pipeline.Cli.Tests.Support;

/// <summary>A folder of its own for one test, removed at its end.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder()
    {
        Path = Directory.CreateTempSubdirectory("pipeline-cli-").FullName;
    }

    public string Path { get; }

    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    public string Write(string relative, string text = "x")
    {
        string path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Gets the files with their content, so that two folders can be compared.</summary>
    public IReadOnlyList<string> Listing(string relative = "") =>
        [.. Directory.EnumerateFiles(this[relative], "*", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(this[relative], file))
            .Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
