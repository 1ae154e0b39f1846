namespace Pipeline.Jobs.Storm;

/// <summary>What workers did, one line each in a file of their own; a line is written with one call, so a kill leaves whole lines.</summary>
internal sealed class StormLog(string folder, string name) : IDisposable
{
    private readonly FileStream _file = new(Path.Combine(folder, $"log-{name}.txt"), FileMode.Append, FileAccess.Write, FileShare.Read, 1);
    private readonly Lock _gate = new();

    public void Write(string what, Guid job, string detail)
    {
        lock (_gate)
            _file.Write(System.Text.Encoding.UTF8.GetBytes($"{what} {job:N} {detail}\n"));
    }

    public void Dispose() => _file.Dispose();

    public static IEnumerable<string[]> ReadAll(string folder) =>
        Directory.EnumerateFiles(folder, "log-*.txt").SelectMany(File.ReadAllLines).Select(line => line.Split(' ')).Where(parts => parts.Length == 3);
}
