namespace Pipeline.Processes;

/// <summary>The end of the workers: their slots get others, their calls go back or end.</summary>
internal sealed partial class Supervisor
{
    /// <summary>A worker sent what nobody can read. Its connection ends, and the worker with it.</summary>
    public void OnBroken(WorkerProcess worker, string message)
    {
        lock (_gate)
            worker.KillReason ??= $"its connection was broken. {message}";
        Log.BrokenConnection(worker.ProcessId, message);
    }

    /// <summary>The first thing after the end of a connection: the slot gets its next worker, calls that had not begun go back into the queue.</summary>
    /// <returns>The calls whose fate depends on how the worker ended.</returns>
    public List<PoolCall> OnConnectionLost(WorkerProcess worker)
    {
        List<PoolCall> suspects = [];
        List<PoolDispatch>? dispatches;
        StartsDue start;
        lock (_gate)
        {
            bool unexpected = worker.State == WorkerState.Ready;
            DetachUnsynchronized(worker, WorkerState.Dead);
            List<PoolCall> calls = worker.CallsUnsynchronized();
            for (int i = calls.Count - 1; i >= 0; i--)
            {
                PoolCall call = calls[i];
                bool isSuspect = worker.IsRunningUnsynchronized(call) || call.PendingEnd != PoolCall.Ending.None;
                worker.RemoveUnsynchronized(call);
                if (isSuspect)
                {
                    call.IsSuspect = true;
                    suspects.Add(call);
                    continue;
                }

                call.Attempts--;
                RequeueUnsynchronized(call);
            }

            if (unexpected)
            {
                _counters.Deaths++;
                _budget.Count();
            }

            dispatches = FillAllUnsynchronized();
            start = StartsDueUnsynchronized();
        }

        SendAll(dispatches);
        StartWorkers(start);
        return suspects;
    }

    /// <summary>Settles the calls of a worker that is gone.</summary>
    public void OnExited(WorkerProcess worker, List<PoolCall> suspects, WorkerExit exit)
    {
        List<(PoolCall Call, PoolCall.Ending End, bool GiveUp)> ended = [];
        List<PoolDispatch>? dispatches;
        string how = worker.KillReason is string reason ? $"was killed by the pool: {reason}" : exit.Describe();
        ReleaseRented(suspects);
        lock (_gate)
        {
            foreach (PoolCall call in suspects)
            {
                if (_closed && call.PendingEnd == PoolCall.Ending.None)
                    call.PendingEnd = PoolCall.Ending.Disposed;
                if (call.PendingEnd == PoolCall.Ending.None && ++call.Deaths < _options.MaxWorkerDeathsPerCall)
                {
                    RequeueUnsynchronized(call);
                    continue;
                }

                call.IsEnded = true;
                ended.Add((call, call.PendingEnd, call.PendingEnd == PoolCall.Ending.None));
                if (call.PendingEnd == PoolCall.Ending.None)
                    _counters.Quarantined++;
                if (call.PendingEnd == PoolCall.Ending.Canceled)
                    _counters.Canceled++;
                else
                    _counters.Failed++;
            }

            dispatches = FillAllUnsynchronized();
            ForgetUnsynchronized(worker);
        }

        SendAll(dispatches);
        foreach (PoolCall call in suspects)
            Log.Died(worker.ProcessId, how, call.Item ?? call.Function.Name);
        foreach ((PoolCall call, PoolCall.Ending end, _) in ended)
            End(call, end, worker, how, exit);
    }

    /// <summary>Gives back what the handlers of a dead worker had rented. Comes before the calls go back into the queue: the next attempt holds its memory instead of it, not beside it.</summary>
    private void ReleaseRented(List<PoolCall> suspects)
    {
        List<SharedSegment> orphans = [];
        lock (_gate)
        {
            foreach (PoolCall call in suspects)
                orphans.AddRange(call.Buffers.TakeRented() ?? []);
        }

        CallBuffers.Release(orphans);
    }

    private static ObjectDisposedException Disposed() =>
        new(nameof(ProcessPool), "The process pool was disposed before the call ended. Await the calls before the pool is disposed.");

    private static string Tail(WorkerProcess worker) =>
        worker.ErrorTail is { Length: > 0 } tail ? $"The end of its standard error:{Environment.NewLine}{tail}" : string.Empty;

    private void End(PoolCall call, PoolCall.Ending end, WorkerProcess worker, string how, WorkerExit exit)
    {
        switch (end)
        {
            case PoolCall.Ending.Canceled:
                call.SetCanceled();
                break;
            case PoolCall.Ending.TimedOut:
                call.SetException(new WorkerTimeoutException(call.Function.Name, call.Item, call.Deadline!.Value, worker.ProcessId));
                break;
            case PoolCall.Ending.Disposed:
                call.SetException(Disposed());
                break;
            default:
                Log.Quarantined(call.Item ?? call.Function.Name, call.Deaths);
                call.SetException(new WorkerCrashedException(
                    call.Function.Name, call.Item, call.Attempts, call.Deaths, worker.ProcessId, how, exit, worker.ErrorTail));
                break;
        }
    }

    private void Kill(WorkerProcess worker, string reason)
    {
        List<PoolDispatch>? dispatches;
        StartsDue start;
        lock (_gate)
        {
            if (worker.State is WorkerState.Dying or WorkerState.Dead)
                return;
            worker.KillReason = reason;
            _counters.Kills++;
            DetachUnsynchronized(worker, WorkerState.Dying);
            List<PoolCall> calls = worker.CallsUnsynchronized();
            for (int i = calls.Count - 1; i >= 0; i--)
            {
                if (calls[i].PendingEnd == PoolCall.Ending.None && worker.TryRevokeUnsynchronized(calls[i]))
                    RequeueUnsynchronized(calls[i]);
            }

            dispatches = FillAllUnsynchronized();
            start = StartsDueUnsynchronized();
        }

        worker.Kill();
        SendAll(dispatches);
        StartWorkers(start);
        Log.Killed(worker.ProcessId, reason);
    }

    /// <summary>Takes a worker out of its place and puts a spare into its slot.</summary>
    private void DetachUnsynchronized(WorkerProcess worker, WorkerState state)
    {
        worker.State = state;
        worker.Timer?.Dispose();
        _spares.Remove(worker);
        if (worker.Slot is not WorkerSlot slot)
            return;
        slot.Vacate();
        if (_spares.Count == 0)
            return;
        slot.Attach(_spares[0]);
        _spares.RemoveAt(0);
    }

    private void ForgetUnsynchronized(WorkerProcess? worker)
    {
        if (worker is not null)
            _all.Remove(worker);
        if (_closed && _all.Count == 0 && _starting == 0)
            _allGone.TrySetResult();
    }
}
