namespace Pipeline.Processes;

/// <summary>Looks after workers that live: memory, age, signs of life, replacement.</summary>
internal sealed partial class Supervisor
{
    private void MarkForRecyclingUnsynchronized(WorkerProcess worker)
    {
        // Half of the way between "replace it" and "kill it" is left for one more call; the other half is for the growth within that call.
        if (_options is { RecycleAboveBytes: long above, MemoryLimitBytes: long limit })
            worker.MustRest = worker.ResidentKiB * 1024L > above + ((limit - above) / 2);
        if (worker.RetireReason is not null || worker.Slot is null)
            return;
        if (_options.RecycleAfterCalls is int calls && worker.Served >= calls)
            worker.RetireReason = $"it served {worker.Served} calls";
        else if (_options.RecycleAfter is TimeSpan age && _options.TimeProvider.GetElapsedTime(worker.StartedAt) >= age)
            worker.RetireReason = $"it is older than {age.TotalSeconds:0.###} s";
        else if (_options.RecycleAboveBytes is long bytes && worker.ResidentKiB * 1024L > bytes)
            worker.RetireReason = $"it uses {worker.ResidentKiB >> 10} MiB, more than {bytes >> 20} MiB";
    }

    /// <summary>Replaces an idle worker that is due, if a spare is ready. Otherwise it goes on: the replacement comes first.</summary>
    /// <returns>The worker that was replaced and must be dismissed; null when none was.</returns>
    private WorkerProcess? TryReplaceUnsynchronized(WorkerProcess worker, out WorkerProcess current)
    {
        current = worker;
        if (worker is not { RetireReason: not null, Count: 0, Slot: WorkerSlot slot } || _spares.Count == 0)
            return null;
        slot.Vacate();
        worker.State = WorkerState.Leaving;
        worker.Timer = _options.TimeProvider.CreateTimer(_ => worker.Kill(), null, _options.ShutdownTimeout, Timeout.InfiniteTimeSpan);
        current = _spares[0];
        _spares.RemoveAt(0);
        slot.Attach(current);
        _counters.Recycled++;
        return worker;
    }

    private void Dismiss(WorkerProcess worker)
    {
        worker.CloseWrite();
        Log.Recycled(worker.ProcessId, worker.RetireReason!);
    }

    /// <summary>Looks at the workers between their answers: memory, age, signs of life.</summary>
    private void Watch()
    {
        List<WorkerProcess> tooLarge = [];
        List<WorkerProcess> unresponsive = [];
        List<WorkerProcess> replaced = [];
        List<PoolDispatch>? dispatches = null;
        StartsDue start;
        lock (_gate)
        {
            foreach (WorkerSlot slot in _slots)
            {
                if (slot.Worker is not WorkerProcess worker)
                    continue;
                if (worker.IsUnresponsiveUnsynchronized(_options.UnresponsiveAfter, _options.TimeProvider))
                {
                    unresponsive.Add(worker);
                    continue;
                }

                if (_watchesMemory)
                    worker.MeasureUnsynchronized();
                if (_options.MemoryLimitBytes is long limit && worker.ResidentKiB * 1024L > limit)
                {
                    tooLarge.Add(worker);
                    continue;
                }

                MarkForRecyclingUnsynchronized(worker);
                if (TryReplaceUnsynchronized(worker, out _) is WorkerProcess old)
                    replaced.Add(old);
            }

            if (replaced.Count > 0)
                dispatches = FillAllUnsynchronized();
            start = StartsDueUnsynchronized();
        }

        SendAll(dispatches);
        foreach (WorkerProcess worker in replaced)
            Dismiss(worker);
        foreach (WorkerProcess worker in unresponsive)
            Kill(worker, $"it did not begin a call within {_options.UnresponsiveAfter.TotalSeconds:0.###} s");
        foreach (WorkerProcess worker in tooLarge)
            Kill(worker, $"it used {worker.ResidentKiB >> 10} MiB; ProcessPoolOptions.MemoryLimitBytes allows {_options.MemoryLimitBytes >> 20} MiB");
        StartWorkers(start);
    }
}
