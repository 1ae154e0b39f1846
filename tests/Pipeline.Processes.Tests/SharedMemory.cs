using System.Globalization;

namespace Pipeline.Processes.Tests;

/// <summary>Looks for shared memory in the process table. What no process has open or mapped, the kernel has freed.</summary>
internal static class SharedMemory
{
    public static IReadOnlyList<int> HoldersOf(string name)
    {
        List<int> holders = [];
        name = $"/memfd:{name} "; // as the kernel writes it; without the end, the memory of process 12 would be that of process 123 too
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int process)
                && (Maps(folder, name) || Opens(folder, name)))
                holders.Add(process);
        }

        return holders;
    }

    private static bool Maps(string folder, string name)
    {
        try
        {
            return File.ReadLines(Path.Combine(folder, "maps")).Any(line => line.Contains(name, StringComparison.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // it ended while we looked, or is another user's
        }
    }

    private static bool Opens(string folder, string name)
    {
        try
        {
            return Directory.GetFiles(Path.Combine(folder, "fd"))
                .Any(file => new FileInfo(file).LinkTarget?.Contains(name, StringComparison.Ordinal) == true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
