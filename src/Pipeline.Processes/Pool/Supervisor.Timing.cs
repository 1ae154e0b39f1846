namespace Pipeline.Processes;

/// <summary>Calls that take longer than they should: deadlines, and the calls that wait behind.</summary>
internal sealed partial class Supervisor
{
    private static readonly TimeSpan s_stealInterval = TimeSpan.FromMilliseconds(2);

    private readonly ITimer _stealTimer;
    private bool _stealing; // guarded by _gate: the timer is set

    /// <summary>An idle worker beside one with calls ahead: if that one gets stuck, its calls are taken back.</summary>
    private void WatchForStealingUnsynchronized()
    {
        if (_stealing || _closed)
            return;
        foreach (WorkerSlot slot in _slots)
        {
            if (slot.Worker is { Count: >= 2 })
            {
                _stealing = true;
                _stealTimer.Change(s_stealInterval, Timeout.InfiniteTimeSpan);
                return;
            }
        }
    }

    private void Steal()
    {
        List<PoolDispatch>? dispatches;
        lock (_gate)
        {
            _stealing = false;
            foreach (WorkerSlot slot in _slots)
            {
                if (slot.Worker is not { Count: >= 2 } worker || !worker.IsStuckUnsynchronized())
                    continue;
                List<PoolCall> calls = worker.CallsUnsynchronized();
                for (int i = calls.Count - 1; i > 0; i--)
                {
                    if (worker.TryRevokeUnsynchronized(calls[i]))
                        RequeueUnsynchronized(calls[i]);
                }
            }

            dispatches = FillAllUnsynchronized();
        }

        SendAll(dispatches);
    }

    private void ArmDeadlineUnsynchronized(PoolCall call, TimeSpan after)
    {
        long assigned = _options.TimeProvider.GetTimestamp();
        ulong id = call.Id;
        call.DeadlineTimer?.Dispose();
        call.DeadlineTimer = _options.TimeProvider.CreateTimer(_ => OnDeadline(call, id, assigned), null, after, Timeout.InfiniteTimeSpan);
    }

    private void OnDeadline(PoolCall call, ulong id, long assigned)
    {
        WorkerProcess worker;
        lock (_gate)
        {
            if (call.IsEnded || call.PendingEnd != PoolCall.Ending.None || call.Worker is null || call.Id != id)
                return;
            worker = call.Worker;
            TimeSpan deadline = call.Deadline!.Value;
            TimeSpan? ran = worker.RunningTimeUnsynchronized(call, _options.TimeProvider.GetElapsedTime(assigned));
            if ((ran ?? TimeSpan.Zero) + TimeSpan.FromMilliseconds(1) < deadline)
            {
                // It waited behind another call first; the deadline counts from its start.
                ArmDeadlineUnsynchronized(call, deadline - (ran ?? TimeSpan.Zero));
                return;
            }

            call.PendingEnd = PoolCall.Ending.TimedOut;
        }

        Kill(worker, "its call ran longer than the deadline");
    }
}
