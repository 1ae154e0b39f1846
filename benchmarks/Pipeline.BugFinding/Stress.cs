using System.Diagnostics;
using Pipeline.BugFinding.Bugs;

namespace Pipeline.BugFinding;

/// <summary>Real threads that start together, again and again, until the rule breaks, a run hangs, or the time is over.</summary>
internal static class Stress
{
    public static Finding Hunt(SeededBug bug, TimeSpan limit)
    {
        long began = Stopwatch.GetTimestamp();
        int runs = 0;
        while (Stopwatch.GetElapsedTime(began) < limit)
        {
            runs++;
            BugRun run = bug.Create();
            var start = new Barrier(run.Participants.Length);
            Thread[] threads = [.. run.Participants.Select(body => new Thread(() =>
            {
                start.SignalAndWait();
                body();
            }) { IsBackground = true })];
            foreach (Thread thread in threads) thread.Start();
            bool ended = Array.TrueForAll(threads, thread => thread.Join(TimeSpan.FromSeconds(1)));
            if (!ended || !run.Holds()) return new Finding(true, runs, Stopwatch.GetElapsedTime(began).TotalSeconds - (ended ? 0 : 1));
        }

        return new Finding(false, runs, limit.TotalSeconds);
    }
}
