namespace Pipeline.Sync;

/// <summary>Looks for circles of waits while any flow waits, and ends one wait of each circle that it finds twice.</summary>
/// <remarks>
/// Twice, because the picture is not taken at one instant: a circle that is seen with the same waits a quarter of a second later is real. The victim is the
/// member that began to wait last, judged alike by all processes; only the process that it belongs to ends it. Locking rule: <see cref="s_running"/> is
/// interlocked and admits one look at a time; <see cref="s_suspects"/> is used inside the look only.
/// </remarks>
internal static class DeadlockWatch
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);
    private static readonly Timer s_timer = CreateTimer();
    private static int s_awake; // Interlocked: 1 while the timer is set
    private static int s_running; // Interlocked
    private static string s_suspects = "";

    public static void Wake()
    {
        if (Interlocked.Exchange(ref s_awake, 1) == 0)
            s_timer.Change(s_interval, Timeout.InfiniteTimeSpan);
    }

    private static Timer CreateTimer()
    {
        // It lives as long as the process, and so would every ambient value of the flow that happened to wait first.
        using AsyncFlowControl none = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return new Timer(_ => Look(), null, Timeout.Infinite, Timeout.Infinite);
    }

    private static void Look()
    {
        if (Interlocked.Exchange(ref s_running, 1) != 0)
            return;
        try
        {
            WaitForGraph graph = WaitForGraph.Capture();
            string suspects = string.Join('|', graph.Circle.Select(wait => wait.Identity).Order(StringComparer.Ordinal));
            if (suspects.Length != 0 && suspects == s_suspects)
            {
                SyncEvents.Log.Deadlock(graph.Explain());
                WaitForEdge victim = graph.Circle.MaxBy(wait => (wait.Since, wait.Identity))!;
                LockWait.Fail(victim.LocalWait, graph);
            }

            s_suspects = suspects;
        }
        catch (Exception)
        {
            // A semaphore was closed, removed or damaged while it was read. The watch is a help: it looks again, and never ends the process.
            s_suspects = "";
        }
        finally
        {
            Volatile.Write(ref s_running, 0);
        }

        Interlocked.Exchange(ref s_awake, 0); // a full fence: a wait that begins now either is seen below or wakes the watch itself
        if (!LockWait.IsEmpty)
            Wake();
    }
}
