using System.Diagnostics;
using Pipeline.BugFinding.Bugs;

namespace Pipeline.BugFinding;

/// <summary>Real threads that start together, again and again, until the rule breaks, a run hangs, or the time is over.</summary>
/// <remarks>The threads live through all runs and meet at barriers: starting them anew would cost ten times the run, and spread their starts.</remarks>
internal static class Stress
{
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(1);

    public static Finding Hunt(SeededBug bug, TimeSpan limit)
    {
        BugRun run = bug.Create(); // written by the hunter, read by the threads after the barrier
        bool over = false;
        Barrier start = new(run.Participants.Length + 1);
        Barrier end = new(run.Participants.Length + 1);
        for (int i = 0; i < run.Participants.Length; i++)
        {
            int participant = i;
            Thread thread = new(() =>
            {
                while (true)
                {
                    start.SignalAndWait();
                    if (Volatile.Read(ref over))
                        return;
                    Volatile.Read(ref run).Participants[participant]();
                    end.SignalAndWait();
                }
            });
            thread.IsBackground = true;
            thread.Start();
        }

        long began = Stopwatch.GetTimestamp();
        int runs = 0;
        while (Stopwatch.GetElapsedTime(began) < limit)
        {
            runs++;
            Volatile.Write(ref run, bug.Create());
            start.SignalAndWait();
            if (!end.SignalAndWait(s_hang))
                return new Finding(true, runs, (Stopwatch.GetElapsedTime(began) - s_hang).TotalSeconds); // its threads stay stuck
            if (!run.Holds())
                return Stop(true);
        }

        return Stop(false);

        Finding Stop(bool found)
        {
            double seconds = found ? Stopwatch.GetElapsedTime(began).TotalSeconds : limit.TotalSeconds;
            Volatile.Write(ref over, true);
            start.SignalAndWait();
            return new Finding(found, runs, seconds);
        }
    }
}
