using System.Buffers.Text;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Processes;

/// <summary>
/// Reads the resident memory of a process; cheaply enough to do it between calls. On Linux without the pages of files and of shared memory: shared buffers
/// belong to the run that counts them, not to each worker that has touched them.
/// </summary>
internal sealed class ResidentMemory : IDisposable
{
    private const double LongCallMicroseconds = 500;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    private readonly SafeFileHandle? _statistics;
    private readonly int? _process;
    private long _last;

    /// <summary>Initializes a new instance of the <see cref="ResidentMemory"/> class.</summary>
    /// <param name="process">The process; null for this one.</param>
    public ResidentMemory(int? process = null)
    {
        _process = process;
        string path = $"/proc/{process?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "self"}/statm";
        if (OperatingSystem.IsLinux() && File.Exists(path))
            _statistics = File.OpenHandle(path);
    }

    /// <summary>Measures after a call that took its time, and now and then between short ones.</summary>
    /// <param name="microseconds">How long the call took.</param>
    /// <param name="now">The time, as a <see cref="Stopwatch"/> timestamp.</param>
    /// <returns>KiB; 0 when it was not measured.</returns>
    public uint ReadIfDueKiB(double microseconds, long now)
    {
        if (microseconds < LongCallMicroseconds && Stopwatch.GetElapsedTime(_last, now) < s_interval)
            return 0;
        _last = now;
        return ReadKiB();
    }

    /// <summary>Measures.</summary>
    /// <returns>KiB; 0 when the process has ended.</returns>
    public uint ReadKiB()
    {
        if (_statistics is null)
            return (uint)((_process is { } id ? OtherWorkingSet(id) : Environment.WorkingSet) / 1024);
        Span<byte> text = stackalloc byte[128];
        try
        {
            // "size resident shared ..." in pages
            int length = RandomAccess.Read(_statistics, text, 0);
            ReadOnlySpan<byte> rest = text[(text[..length].IndexOf((byte)' ') + 1)..length];
            return Utf8Parser.TryParse(rest, out long resident, out int digits)
                && Utf8Parser.TryParse(rest[(digits + 1)..], out long shared, out _)
                ? (uint)((resident - shared) * Environment.SystemPageSize / 1024)
                : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public void Dispose() => _statistics?.Dispose();

    private static long OtherWorkingSet(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return process.WorkingSet64;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return 0;
        }
    }
}
