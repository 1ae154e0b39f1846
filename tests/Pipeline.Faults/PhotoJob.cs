using System.Security.Cryptography;
using Pipeline.Imaging;

namespace Pipeline.Faults;

/// <summary>A small photo job: its inputs, its command line, and what its outputs are when nothing goes wrong.</summary>
internal sealed class PhotoJob
{
    public static string Tool { get; } = Path.Combine(AppContext.BaseDirectory, "Pipeline.Cli.dll");

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);
    private readonly string _options;
    private readonly SortedDictionary<string, string> _right;

    public PhotoJob(string folder, int count, int width, string options)
    {
        (Folder, Count, _options) = (folder, count, options);
        Directory.CreateDirectory(Input);
        for (int i = 1; i <= count; i++)
            new SyntheticCamera(width, width * 2 / 3 / 16 * 16).TakePhoto(Path.Combine(Input, $"photo_{i:00}.dng"), i);
        string reference = Path.Combine(folder, "reference");
        (int code, _, string error) = ToolRun.Run(s_limit, "dotnet", [Tool, .. Arguments(reference, null, null, "tasks"), "--quiet"]);
        if (code != 0)
            throw new InvalidOperationException($"The job fails without a fault: exit code {code}, {error}");
        _right = Hashes(reference);
    }

    public string Folder { get; }

    public string Input => Path.Combine(Folder, "in");

    public int Count { get; }

    public string[] Arguments(string output, string? ledger, string? licenses, string executor) =>
    [
        "process", Input, "--out", output, "--executor", executor, "--workers", "2", "--no-progress", .. _options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        .. ledger is null ? Array.Empty<string>() : ["--ledger", ledger], .. licenses is null ? Array.Empty<string>() : ["--filter-licenses", "1", "--license-dir", licenses],
    ];

    /// <summary>Gets how many photos have all their outputs, as they must be.</summary>
    public int CompletePhotos(string output)
    {
        if (!Directory.Exists(output))
            return 0;
        SortedDictionary<string, string> there = Hashes(output);
        return _right.GroupBy(static pair => pair.Key.Split('_')[1]).Count(photo => photo.All(pair => there.TryGetValue(pair.Key, out string? hash) && hash == pair.Value));
    }

    /// <summary>Says what is wrong with the outputs of a job that is done; null when nothing is.</summary>
    public string? WhatIsWrong(string output)
    {
        if (CompletePhotos(output) is var complete && complete != Count)
            return $"{complete} of {Count} photos are complete";
        string[] others = [.. Directory.GetFileSystemEntries(output, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => Path.GetRelativePath(output, path)).Where(name => !_right.ContainsKey(name) && name != ".pipeline-manifest")];
        return others.Length == 0 ? null : $"left over: {string.Join(", ", others)}";
    }

    /// <summary>Reads the total of a ledger; null when it cannot be read.</summary>
    public static long? Total(string ledger)
    {
        if (!Directory.Exists(ledger))
            return 0;
        (int code, string output, _) = ToolRun.Run(s_limit, "dotnet", Tool, "ledger", "total", ledger);
        return code == 0 ? long.Parse(new string([.. output.TakeWhile(static c => c != '\n').Where(char.IsAsciiDigit)])) : null;
    }

    public static string? WhatIsWrongWithLedger(string ledger)
    {
        (int code, string output, string error) = ToolRun.Run(s_limit, "dotnet", Tool, "ledger", "verify", ledger);
        return code == 0 ? null : $"ledger verify: exit code {code}: {output.Trim()} {error.Trim()}";
    }

    private static SortedDictionary<string, string> Hashes(string folder)
    {
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder).Where(static file => !Path.GetFileName(file).StartsWith('.')))
            hashes[Path.GetFileName(file)] = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
        return hashes;
    }
}
