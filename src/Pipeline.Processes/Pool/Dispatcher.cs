using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>
/// Brings calls to workers: the queue, who gets the next call, and which calls are revoked from a worker that does not begin them. Guarded by the supervisor's
/// lock.
/// </summary>
/// <remarks>
/// Each call is in exactly one place: in the queue, in the table of one worker, among the suspects of a worker that has died, or ended. The method that moves
/// it to "ended" asks for its completion in the same step, so it ends exactly once.
/// </remarks>
internal sealed class Dispatcher(Roster roster, Deadlines deadlines, PoolCounters counters)
{
    private readonly CallQueue _queue = new();
    private bool _checksForStuck; // a check is due

    /// <summary>Gets how many calls wait.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Sends a call, or lets it wait.</summary>
    /// <returns>Whether it was sent.</returns>
    public bool TrySend(PoolCall call, ref PoolActions actions)
    {
        // Calls that wait come first.
        if (_queue.Count > 0 || roster.Pick(call) is not { } worker)
        {
            _queue.AddLast(call);
            return false;
        }

        Assign(worker, call, ref actions);
        return true;
    }

    /// <summary>Gives waiting calls to a worker while it has room.</summary>
    public void Fill(PoolWorker worker, ref PoolActions actions)
    {
        if (worker.Slot is null || worker.State != WorkerState.Ready)
            return;
        while (_queue.First is { } call && worker.HasRoom(call))
        {
            _queue.Remove(call);
            Assign(worker, call, ref actions);
        }

        // An idle worker beside one with calls ahead: if that one gets stuck, its calls are revoked.
        if (worker.Count == 0 && !_checksForStuck && roster.HasCallsAhead)
            _checksForStuck = actions.Rare.ChecksForStuck = true;
    }

    /// <summary>Gives waiting calls to all workers with room.</summary>
    public void FillAll(ref PoolActions actions)
    {
        foreach (WorkerSlot slot in roster.Slots)
        {
            if (slot.Worker is { } worker)
                Fill(worker, ref actions);
        }
    }

    /// <summary>Takes a call that is not running out of the queue or back from its worker.</summary>
    /// <returns>False when it is running, or may be.</returns>
    public bool TryWithdraw(PoolCall call)
    {
        if (call.IsQueued)
            _queue.Remove(call);
        return call.Worker is not { } worker || worker.TryRevoke(call);
    }

    public PoolCall? TakeFirst() => _queue.TakeFirst();

    /// <summary>Puts a call first into the queue: it has waited before.</summary>
    public void Retry(PoolCall call)
    {
        call.IsSuspect = false;
        call.DeadlineTimer?.Dispose();
        call.DeadlineTimer = null;
        _queue.AddFirst(call);
    }

    /// <summary>Revokes what a worker has not begun and nothing is to end, newest first, so that the queue has the oldest first.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="keepsFirst">Whether the worker keeps its oldest call, which it runs.</param>
    public void Revoke(PoolWorker worker, bool keepsFirst)
    {
        List<PoolCall> calls = worker.Calls();
        for (int i = calls.Count - 1; i >= (keepsFirst ? 1 : 0); i--)
        {
            if (calls[i].PendingEnd == CallEnding.None && worker.TryRevoke(calls[i]))
                Retry(calls[i]);
        }
    }

    /// <summary>Takes all calls from a dead worker. What it had not begun goes back into the queue, and that attempt does not count.</summary>
    /// <returns>The others, oldest last: their fate depends on how the worker ended.</returns>
    public List<PoolCall> TakeFromDead(PoolWorker worker)
    {
        List<PoolCall> suspects = [];
        List<PoolCall> calls = worker.Calls();
        for (int i = calls.Count - 1; i >= 0; i--)
        {
            PoolCall call = calls[i];
            call.IsSuspect = worker.IsRunning(call) || call.PendingEnd != CallEnding.None;
            worker.Remove(call);
            if (call.IsSuspect)
            {
                suspects.Add(call);
                continue;
            }

            call.Attempts--;
            Retry(call);
        }

        return suspects;
    }

    /// <summary>Revokes the calls behind those that run, at a <see cref="Stopwatch"/> timestamp, longer than the ones before let expect.</summary>
    public void RevokeBehindStuck(long now, ref PoolActions actions)
    {
        _checksForStuck = false;
        foreach (WorkerSlot slot in roster.Slots)
        {
            if (slot.Worker is { Count: >= 2 } worker && worker.IsStuck(now))
                Revoke(worker, keepsFirst: true);
        }

        FillAll(ref actions);
    }

    [Conditional("DEBUG")]
    public void AssertInvariants() => _queue.AssertInvariants();

    private void Assign(PoolWorker worker, PoolCall call, ref PoolActions actions)
    {
        PoolDispatch dispatch = worker.Assign(call);
        counters.PayloadBytes += call.Payload.Length;
        if (call.Deadline is { } deadline)
            deadlines.Arm(call, deadline);
        actions.Send(dispatch);
    }
}
