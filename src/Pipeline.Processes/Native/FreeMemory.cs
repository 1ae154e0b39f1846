using System.Globalization;

namespace Pipeline.Processes;

/// <summary>
/// Reads how much memory this process may still take: that of the machine or what the limits of its control groups leave, whichever is less. Linux.
/// </summary>
internal static class FreeMemory
{
    private const string Groups = "/sys/fs/cgroup";

    /// <summary>Reads.</summary>
    /// <returns>Bytes, and what sets them; <see cref="long.MaxValue"/> when nothing tells.</returns>
    public static (long Bytes, string Source) Read()
    {
        (long Bytes, string Source) least = (Line("/proc/meminfo", "MemAvailable:") is { } kib ? kib * 1024 : long.MaxValue, "the machine");
        foreach (string line in Lines("/proc/self/cgroup"))
        {
            // "0::/path" names the group of version 2, "9:memory:/path" that of version 1.
            string[] parts = line.Split(':', 3);
            bool isSecond = parts is ["0", "", _];
            if (!isSecond && !(parts is [_, var controllers, _] && controllers.Split(',').Contains("memory")))
                continue;
            string root = isSecond ? Groups : Groups + "/memory";
            for (string? group = parts[2].TrimEnd('/'); group is not null; group = group.Length == 0
                ? null
                : group[..group.LastIndexOf('/')])
            {
                string folder = root + group;
                long? left = isSecond
                    ? Left(folder, "memory.max", "memory.current")
                    : Left(folder, "memory.limit_in_bytes", "memory.usage_in_bytes");
                if (left < least.Bytes)
                    least = (left.Value, $"the memory limit of the container ({folder})");
            }
        }

        return least;
    }

    private static long? Left(string folder, string limit, string usage)
    {
        if (Number(Path.Combine(folder, limit)) is not { } most || Number(Path.Combine(folder, usage)) is not { } used)
            return null;

        // Cached files are counted as used, but make room at once.
        return Math.Max(0, most - used + (Line(Path.Combine(folder, "memory.stat"), "inactive_file ") ?? 0));
    }

    private static long? Number(string file) =>
        Lines(file).FirstOrDefault() is { } text && long.TryParse(text, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static long? Line(string file, string name) =>
        Lines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            && long.TryParse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out long value)
            ? value : null;

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // this system does not say
        }
    }
}
