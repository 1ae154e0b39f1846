using System.Diagnostics;
using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Pipeline.Profiling;

/// <summary>The processor time of the calling thread, which does not go on while other programs have the processor.</summary>
internal static partial class ThreadClock
{
    private static readonly bool s_isKnown = Environment.Is64BitProcess && (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS());

    /// <summary>Gets seconds since some moment; of real time where the platform does not tell processor time finely enough.</summary>
    public static double Seconds
    {
        get
        {
            int processorTimeOfThread = OperatingSystem.IsMacOS() ? 16 : 3; // CLOCK_THREAD_CPUTIME_ID
            return s_isKnown && clock_gettime(processorTimeOfThread, out TimeSpec time) == 0
                ? time.Seconds + (time.Nanoseconds * 1e-9)
                : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        }
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
