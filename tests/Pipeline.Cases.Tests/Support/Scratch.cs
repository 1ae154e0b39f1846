namespace Pipeline.Cases.Tests;

/// <summary>A folder of its own for one case, removed at its end.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("pipeline-cases-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Writes a file and makes its folders.</summary>
    public string Write(string name, byte[] content)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
