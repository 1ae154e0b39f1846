using System.Runtime.InteropServices;

namespace Pipeline.Processes.Tests;

/// <summary>Says on which processors threads may run. Linux.</summary>
internal static partial class Processors
{
    private const int Bytes = 128; // 1,024 processors

    /// <summary>Gets the processors that this thread may use.</summary>
    public static List<int> Allowed()
    {
        byte[] mask = new byte[Bytes];
        Assert.True(sched_getaffinity(0, Bytes, mask) >= 0);
        return [.. Enumerable.Range(0, Bytes * 8).Where(processor => (mask[processor / 8] & (1 << (processor % 8))) != 0)];
    }

    /// <summary>Keeps the main thread of a process on one processor.</summary>
    /// <param name="process">The process; 0 for the calling thread instead.</param>
    /// <param name="processor">The processor.</param>
    public static void Pin(int process, int processor)
    {
        byte[] mask = new byte[Bytes];
        mask[processor / 8] = (byte)(1 << (processor % 8));
        Assert.Equal(0, sched_setaffinity(process, Bytes, mask));
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int sched_getaffinity(int thread, nint bytes, [Out] byte[] mask);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int sched_setaffinity(int thread, nint bytes, byte[] mask);
}
