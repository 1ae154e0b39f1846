using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Cases.Tests;

/// <summary>Runs the tool and looks at the memory of it and of its workers meanwhile, on Linux.</summary>
internal static class Watched
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    public static (int ExitCode, string Output, string Error, long PeakMebibytes) Run(TimeSpan limit, params string[] args)
    {
        using Process process = Start(args);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        Stopwatch clock = Stopwatch.StartNew();
        long peak = 0;
        while (!process.WaitForExit(s_look))
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            if (clock.Elapsed > limit || peak > 6000)
            {
                process.Kill(entireProcessTree: true);
                return (-1, "", $"killed after {clock.Elapsed.TotalSeconds:F0} s", peak);
            }
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult(), peak);
    }

    public static Process Start(params string[] args) =>
        Process.Start(new ProcessStartInfo("dotnet", [Tool.Path, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true }) ?? throw new InvalidOperationException("The tool did not start.");

    /// <summary>Sends a signal by name, for example TERM.</summary>
    public static void Signal(Process process, string name) => ToolRun.Run(TimeSpan.FromSeconds(10), "kill", "-" + name, process.Id.ToString(CultureInfo.InvariantCulture));

    private static long PeakOf(int id)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(new string([.. line.Where(char.IsAsciiDigit)]), CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
