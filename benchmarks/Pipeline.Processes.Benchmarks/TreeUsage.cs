using System.Globalization;
using System.Runtime.InteropServices;

namespace Pipeline.Processes.Benchmarks;

/// <summary>Measures this process and its children together.</summary>
internal sealed partial class TreeUsage : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;
    private long _peakKiB;

    public TreeUsage()
    {
        _thread = new Thread(() =>
        {
            do
                _peakKiB = Math.Max(_peakKiB, Look());
            while (!_end.Wait(s_interval));
        });
        _thread.Start();
    }

    public double PeakMiB => _peakKiB / 1024.0;

    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _end.Dispose();
    }

    /// <summary>The processor time of this process and of its children that have ended.</summary>
    public static double ProcessorSeconds()
    {
        const int Children = -1;
        Span<long> usage = stackalloc long[18]; // struct rusage: user and system time as (seconds, microseconds), 14 more
        Environment.ProcessCpuUsage own = Environment.CpuUsage;
        return getrusage(Children, ref MemoryMarshal.GetReference(usage)) == 0
            ? own.TotalTime.TotalSeconds + usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6)
            : throw new InvalidOperationException("getrusage failed");
    }

    private static long Look()
    {
        long sum = 0;
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id)
                && (id == Environment.ProcessId || IsChild(folder)))
                sum += Pss(folder);
        }

        return sum;
    }

    private static bool IsChild(string folder)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) == Environment.ProcessId;
        }
        catch (IOException)
        {
            return false; // it ended while we looked
        }
    }

    private static long Pss(string folder)
    {
        try
        {
            string? line = File.ReadLines(Path.Combine(folder, "smaps_rollup"))
                .FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return line is null
                ? 0
                : long.Parse(line[4..].Replace("kB", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it ended while we looked
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getrusage(int who, ref long usage);
}
