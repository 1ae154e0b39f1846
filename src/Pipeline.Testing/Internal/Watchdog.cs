using System.Diagnostics;

namespace Pipeline.Testing.Internal;

/// <summary>Waits for a participant to stop, by a clock that stands still while the whole process does.</summary>
/// <remarks>
/// A laptop that sleeps, a debugger, or a container that is paused stops the participant as well as the watchdog. By the wall clock the time
/// is then over before the participant had any, and a correct program would be reported.
/// </remarks>
internal static class Watchdog
{
    private const int Slices = 20;

    public static bool Wait(SemaphoreSlim stopped, TimeSpan limit)
    {
        if (stopped.Wait(0)) return true;
        TimeSpan slice = limit / Slices;
        for (TimeSpan left = limit; left > TimeSpan.Zero;)
        {
            long began = Stopwatch.GetTimestamp();
            if (stopped.Wait(slice)) return true;
            TimeSpan passed = Stopwatch.GetElapsedTime(began);
            left -= passed < slice ? passed : slice; // what is beyond the slice, the process did not have
        }

        return stopped.Wait(0);
    }
}
