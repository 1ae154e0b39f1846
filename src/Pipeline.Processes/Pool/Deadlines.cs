namespace Pipeline.Processes;

/// <summary>
/// Decides when a call has run too long. A deadline counts from the start of the handler, not while the call waits behind another one. Guarded by the
/// supervisor's lock.
/// </summary>
/// <param name="clock">The clock of the deadlines.</param>
/// <param name="onDue">Called with the call, its id, and when it was assigned.</param>
internal sealed class Deadlines(TimeProvider clock, Action<PoolCall, ulong, long> onDue)
{
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMilliseconds(1); // timers are no more exact than this

    /// <summary>Begins to count for a call that was assigned.</summary>
    public void Arm(PoolCall call, TimeSpan deadline) => Arm(call, call.Id, clock.GetTimestamp(), deadline);

    /// <summary>Decides what becomes of a call whose timer is due.</summary>
    /// <param name="call">The call.</param>
    /// <param name="id">Its id when the timer was set.</param>
    /// <param name="assigned">When it was assigned, on the pool's clock.</param>
    /// <param name="now">The time, as a <see cref="System.Diagnostics.Stopwatch"/> timestamp.</param>
    /// <returns>The worker to kill; null when the call is over, or not due yet.</returns>
    public PoolWorker? Judge(PoolCall call, ulong id, long assigned, long now)
    {
        if (call.IsEnded || call.PendingEnd != CallEnding.None || call.Worker is not { } worker || call.Id != id)
            return null;
        TimeSpan deadline = call.Deadline!.Value;
        TimeSpan ran = worker.RunningTime(call, clock.GetElapsedTime(assigned), now) ?? TimeSpan.Zero;
        if (ran + s_tolerance >= deadline)
            return worker;
        Arm(call, id, clock.GetTimestamp(), deadline - ran);
        return null;
    }

    private void Arm(PoolCall call, ulong id, long assigned, TimeSpan after)
    {
        call.DeadlineTimer?.Dispose();
        call.DeadlineTimer = clock.CreateTimer(_ => onDue(call, id, assigned), null, after, Timeout.InfiniteTimeSpan);
    }
}
