namespace Pipeline.Core;

/// <summary>Has the runs of the process inspected every few milliseconds, in real time whichever clocks the runs have: it is about threads that
/// compute.</summary>
/// <remarks>A thread of its own instead of a timer, because a timer goes through the thread pool, whose workers spin for more work each time and take the
/// processors from the bodies that the monitor is to protect. Even so, a thread that wakes costs 30 to 60 µs of a body on a busy processor, so it comes less
/// often while the runs' carriers inspect themselves in passing. It ends when there has been no run to inspect for a while. Locking rule: <see cref="s_runs"/>,
/// <see cref="s_hasThread"/> and <see cref="s_hasNewcomer"/> are guarded by <see cref="s_gate"/>, which is taken inside the gate of a run and never around
/// one.</remarks>
internal static class RunMonitor
{
    private static readonly TimeSpan s_attendedInterval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(10);
    private static readonly object s_gate = new();
    private static readonly object s_tick = new(); // never pulsed: waiting on it is a sleep
    private static readonly List<TurnInspector> s_runs = [];
    private static bool s_hasThread;
    private static bool s_hasNewcomer; // guarded by s_gate: a run came since the last round

    public static TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(5); // the time between two inspections of a run

    /// <summary>Watches a run until it is removed or says that there is nothing to look at. A run that asks again meanwhile is in the list twice for a
    /// moment.</summary>
    /// <returns>False when the system gives no thread for it; the run may ask again.</returns>
    public static bool TryAdd(TurnInspector run)
    {
        lock (s_gate)
        {
            if (!s_hasThread && !TryStart())
                return false;
            s_hasThread = true;
            s_runs.Add(run);
            s_hasNewcomer = true;
            Monitor.Pulse(s_gate);
            return true;
        }
    }

    private static bool TryStart()
    {
        try
        {
            new Thread(Work) { IsBackground = true, Name = "Pipeline monitor" }.UnsafeStart();
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }

    /// <summary>Ends the inspections of a run; one may be under way still.</summary>
    public static void Remove(TurnInspector run)
    {
        lock (s_gate)
            s_runs.Remove(run);
    }

    private static void Work()
    {
        List<TurnInspector> runs = [];
        bool areAttended = false;
        while (true)
        {
            lock (s_gate)
            {
                while (s_runs.Count == 0)
                {
                    if (Monitor.Wait(s_gate, s_longestRest) || s_runs.Count > 0)
                        continue;
                    s_hasThread = false;
                    return;
                }

                if (areAttended && !s_hasNewcomer)
                    Monitor.Wait(s_gate, s_attendedInterval);
                areAttended &= !s_hasNewcomer;
                s_hasNewcomer = false;
            }

            if (!areAttended)
            {
                lock (s_tick)
                    Monitor.Wait(s_tick, Interval);
            }

            lock (s_gate)
                runs.AddRange(s_runs);
            areAttended = true;
            foreach (TurnInspector run in runs)
            {
                if (!run.Inspect(out bool isAttended))
                    Remove(run);
                else
                    areAttended &= isAttended;
            }

            runs.Clear();
        }
    }
}
