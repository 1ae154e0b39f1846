using System.Runtime.InteropServices;

namespace Pipeline.Processes.Tests;

/// <summary>
/// Waits for the end of processes that are not children of this one, by descriptors of them (<c>pidfd_open</c>): no process id is looked up twice.
/// </summary>
internal sealed partial class ProcessEnd : IDisposable
{
    private const int OpenProcess = 434;
    private const short Readable = 1;

    private readonly Entry[] _entries;

    /// <summary>Opens the processes while they are alive.</summary>
    public ProcessEnd(IEnumerable<int> processes) =>
        _entries = [.. processes.Select(process => new Entry { Descriptor = (int)syscall(OpenProcess, process, 0), Events = Readable })];

    public void Dispose()
    {
        foreach (Entry entry in _entries)
            _ = close(entry.Descriptor);
    }

    /// <summary>Waits until all have ended.</summary>
    /// <returns>How many live on when the time is up.</returns>
    public Task<int> WaitAsync(TimeSpan limit) =>
        Task.Factory.StartNew(() => Wait(limit), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private int Wait(TimeSpan limit)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        for (int i = 0; i < _entries.Length; i++)
        {
            TimeSpan left = limit - System.Diagnostics.Stopwatch.GetElapsedTime(start);
            if (_entries[i].Descriptor >= 0 && poll(ref _entries[i], 1, (int)Math.Max(0, left.TotalMilliseconds)) != 1)
                return _entries.Length - i;
        }

        return 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint syscall(nint number, nint first, nint second);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int poll(ref Entry entries, nuint count, int milliseconds);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
