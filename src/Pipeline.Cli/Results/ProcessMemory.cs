using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Cli;

/// <summary>Asks the operating system how much memory this process has held.</summary>
internal static class ProcessMemory
{
    /// <summary>Gets the peak of the resident set since the process started: VmHWM on Linux, the peak working set elsewhere.</summary>
    /// <returns>Bytes; null when the operating system does not tell.</returns>
    public static long? PeakResidentBytes()
    {
        if (OperatingSystem.IsLinux())
            return FromStatus(File.ReadLines("/proc/self/status"));
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 > 0 ? process.PeakWorkingSet64 : null;
    }

    /// <summary>Reads the peak from the lines of <c>/proc/PID/status</c>.</summary>
    /// <returns>Bytes; null when no line tells.</returns>
    public static long? FromStatus(IEnumerable<string> lines)
    {
        const string Label = "VmHWM:";
        string? line = lines.FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal));
        string? number = line?[Label.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes) ? kibibytes * 1024 : null;
    }
}
