using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Pipeline.Processes.Benchmarks;

/// <summary>Keeps threads on one processor. Linux.</summary>
internal static partial class Affinity
{
    private const int Bytes = 128; // 1,024 processors

    /// <summary>Pins the main thread of a process.</summary>
    /// <param name="process">The process; 0 for the calling thread.</param>
    /// <param name="index">Which of the processors that the calling thread could use at first.</param>
    public static void Pin(int process, int index)
    {
        int processor = Allowed[index];
        byte[] mask = new byte[Bytes];
        mask[processor / 8] = (byte)(1 << (processor % 8));
        if (sched_setaffinity(process, Bytes, mask) != 0)
            throw new Win32Exception();
    }

    private static int[] Allowed => field ??= Read();

    private static int[] Read()
    {
        byte[] mask = new byte[Bytes];
        if (sched_getaffinity(0, Bytes, mask) < 0)
            throw new Win32Exception();
        return [.. Enumerable.Range(0, Bytes * 8).Where(processor => (mask[processor / 8] & (1 << (processor % 8))) != 0)];
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int sched_getaffinity(int thread, nint bytes, [Out] byte[] mask);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int sched_setaffinity(int thread, nint bytes, byte[] mask);
}
