namespace Pipeline.Core;

/// <summary>The life of the workers: start, replacement, death, end.</summary>
internal sealed partial class Supervisor : IAsyncDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MemoryWatchInterval = TimeSpan.FromMilliseconds(50);

    private readonly WorkerCommand _command;
    private readonly string? _initializer;
    private readonly bool _watchesMemory;
    private readonly CrashBudget _budget; // guarded by _gate
    private readonly List<WorkerProcess> _spares = []; // guarded by _gate
    private readonly HashSet<WorkerProcess> _all = []; // guarded by _gate: until everything about them is settled
    private readonly List<TaskCompletionSource> _readyWaiters = []; // guarded by _gate
    private readonly TaskCompletionSource _allGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _restartTimer;
    private readonly ITimer _watchTimer;
    private int _starting; // guarded by _gate
    private int _startFailures; // guarded by _gate: in a row

    internal Supervisor(ProcessPoolOptions options, string? initializer)
    {
        _options = options;
        _initializer = initializer;
        _command = options.Launch.Resolve(options);
        _watchesMemory = options.MemoryLimitBytes is not null || options.RecycleAboveBytes is not null;
        _budget = new CrashBudget(options);
        _slots = [.. Enumerable.Range(0, options.Workers).Select(index => new WorkerSlot(index))];
        Log = new ProcessPoolLog(options.Logger);
        _stealTimer = TimeProvider.System.CreateTimer(_ => Steal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _restartTimer = options.TimeProvider.CreateTimer(_ => StartDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        TimeSpan watch = _watchesMemory ? MemoryWatchInterval : WatchInterval < options.UnresponsiveAfter ? WatchInterval : options.UnresponsiveAfter;
        _watchTimer = options.TimeProvider.CreateTimer(_ => Watch(), null, watch, watch);
        StartDue();
    }

    /// <summary>Waits until every slot has a worker.</summary>
    internal Task WhenReadyAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(ProcessPool));
            if (!_slots.Any(slot => slot.IsVacant))
                return Task.CompletedTask;
            _readyWaiters.Add(waiter);
        }

        return waiter.Task.WaitAsync(cancellationToken);
    }

    internal ProcessPoolSnapshot Snapshot()
    {
        lock (_gate)
        {
            return new ProcessPoolSnapshot
            {
                WorkersReady = _slots.Count(slot => !slot.IsVacant),
                WorkersBusy = _slots.Count(slot => slot.Worker is { Count: > 0 }),
                SparesReady = _spares.Count,
                WorkersStarting = _starting,
                CallsWaiting = _queue.Count,
                CallsSubmitted = _counters.Submitted,
                CallsCompleted = _counters.Completed,
                CallsFailed = _counters.Failed,
                CallsCanceled = _counters.Canceled,
                CallsQuarantined = _counters.Quarantined,
                WorkersStarted = _counters.Started,
                WorkerDeaths = _counters.Deaths,
                WorkersKilled = _counters.Kills,
                WorkersRecycled = _counters.Recycled,
                ProcessIds = [.. _slots.Where(slot => slot.Worker is not null).Select(slot => slot.Worker!.ProcessId)],
                SpareProcessIds = [.. _spares.Select(worker => worker.ProcessId)],
                ResidentBytes = _slots.Sum(slot => (slot.Worker?.ResidentKiB ?? 0) * 1024L),
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<PoolCall> waiting = [];
        List<WorkerProcess> toKill = [];
        List<WorkerProcess> toDismiss = [];
        List<TaskCompletionSource> waiters;
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            while (_queue.TakeFirst() is PoolCall call)
            {
                call.IsEnded = true;
                waiting.Add(call);
            }

            foreach (WorkerProcess worker in _all)
            {
                foreach (PoolCall call in worker.CallsUnsynchronized())
                {
                    if (call.PendingEnd == PoolCall.Ending.None)
                        call.PendingEnd = PoolCall.Ending.Disposed;
                }

                bool idle = worker.State == WorkerState.Ready && worker.Count == 0;
                (idle ? toDismiss : toKill).Add(worker);
                worker.State = idle ? WorkerState.Leaving : WorkerState.Dying;
            }

            waiters = [.. _readyWaiters];
            if (_all.Count == 0 && _starting == 0)
                _allGone.TrySetResult();
        }

        await _stealTimer.DisposeAsync().ConfigureAwait(false);
        await _restartTimer.DisposeAsync().ConfigureAwait(false);
        await _watchTimer.DisposeAsync().ConfigureAwait(false);
        foreach (WorkerProcess worker in toKill)
            worker.Kill();
        foreach (WorkerProcess worker in toDismiss)
            worker.CloseWrite();
        foreach (PoolCall call in waiting)
            call.SetException(Disposed());
        foreach (TaskCompletionSource waiter in waiters)
            waiter.TrySetException(Disposed());
        await Task.WhenAny(_allGone.Task, Task.Delay(_options.ShutdownTimeout, _options.TimeProvider)).ConfigureAwait(false);
        foreach (WorkerProcess worker in toDismiss)
            worker.Kill();
        await _allGone.Task.ConfigureAwait(false);
    }

    internal void OnReady(WorkerProcess worker)
    {
        List<PoolDispatch>? dispatches;
        List<TaskCompletionSource> waiters = [];
        WorkerProcess? replaced = null;
        int start;
        lock (_gate)
        {
            _starting--;
            _startFailures = 0;
            worker.Timer?.Dispose();
            if (worker.State == WorkerState.Starting)
            {
                worker.State = WorkerState.Ready;
                PlaceUnsynchronized(worker, out replaced);
            }

            if (!_slots.Any(slot => slot.IsVacant))
            {
                waiters = [.. _readyWaiters];
                _readyWaiters.Clear();
            }

            dispatches = FillAllUnsynchronized();
            start = StartsDueUnsynchronized();
        }

        Log.Ready(worker.ProcessId, _options.TimeProvider.GetElapsedTime(worker.StartedAt).TotalMilliseconds);
        SendAll(dispatches);
        foreach (TaskCompletionSource waiter in waiters)
            waiter.TrySetResult();
        if (replaced is not null)
            Dismiss(replaced);
        StartWorkers(start);
    }

    /// <summary>Settles what a worker that has never been ready leaves behind.</summary>
    internal void OnStartFailed(WorkerProcess? worker, WorkerExit exit, Exception? error)
    {
        List<PoolCall> failed = [];
        List<TaskCompletionSource> waiters = [];
        int start;
        string reason;
        lock (_gate)
        {
            _starting--;
            bool closing = _closed;
            reason = worker is null ? error!.Message
                : $"Worker process {worker.ProcessId} {worker.KillReason ?? exit.Describe()} before it was ready. {error?.Message} {Tail(worker)}";
            if (!closing)
            {
                _startFailures++;
                _budget.Count();
                if (_startFailures >= _options.MaxStartFailures)
                {
                    waiters = [.. _readyWaiters];
                    _readyWaiters.Clear();
                    while (_queue.TakeFirst() is PoolCall call)
                    {
                        call.IsEnded = true;
                        _counters.Failed++;
                        failed.Add(call);
                    }
                }
            }

            start = StartsDueUnsynchronized();
            ForgetUnsynchronized(worker);
        }

        Log.StartFailed(reason);
        WorkerStartException Failure() => new(
            $"The workers of pool '{_options.Name}' do not start; {_options.MaxStartFailures} starts in a row failed. {reason}".TrimEnd()
            + " Check that Main begins with WorkerHost.Run, or start the pool with WorkerLaunch.StaticMethods().", error);
        foreach (PoolCall call in failed)
            call.SetException(Failure());
        foreach (TaskCompletionSource waiter in waiters)
            waiter.TrySetException(Failure());
        StartWorkers(start);
    }

    /// <summary>The first thing after the end of a connection: the slot gets its next worker, calls that had not begun go back into the queue.</summary>
    /// <returns>The calls whose fate depends on how the worker ended.</returns>
    internal List<PoolCall> OnConnectionLost(WorkerProcess worker)
    {
        List<PoolCall> suspects = [];
        List<PoolDispatch>? dispatches;
        int start;
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
    internal void OnExited(WorkerProcess worker, List<PoolCall> suspects, WorkerExit exit)
    {
        List<(PoolCall Call, PoolCall.Ending End, bool GiveUp)> ended = [];
        List<PoolDispatch>? dispatches;
        string how = worker.KillReason is string reason ? $"was killed by the pool: {reason}" : exit.Describe();
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

    private void StartDue()
    {
        int start;
        lock (_gate)
            start = StartsDueUnsynchronized();
        StartWorkers(start);
    }

    /// <summary>How many workers to start now; they count as starting from here on.</summary>
    private int StartsDueUnsynchronized()
    {
        if (_closed || (_startFailures >= _options.MaxStartFailures && _queue.Count == 0))
            return 0;
        int vacant = _slots.Count(slot => slot.IsVacant);
        bool retiring = _slots.Any(slot => slot.Worker?.RetireReason is not null);

        // Spares come after the workers: they must not compete with them for the processors at the start.
        int wanted = vacant > 0 ? vacant : Math.Max(_options.WarmSpares, retiring ? 1 : 0);
        int due = wanted - _spares.Count - _starting;
        if (due <= 0)
            return 0;
        TimeSpan delay = _budget.Delay();
        if (delay > TimeSpan.Zero)
        {
            Log.BackingOff(delay.TotalMilliseconds);
            _restartTimer.Change(delay, Timeout.InfiniteTimeSpan);
            return 0;
        }

        _starting += due;
        _counters.Started += due;
        return due;
    }

    private void StartWorkers(int count)
    {
        for (int i = 0; i < count; i++)
            SpawnThread.Post(StartWorker);
    }

    private void StartWorker()
    {
        WorkerConnection connection;
        try
        {
            connection = WorkerConnection.Start(_command);
        }
        catch (Exception error)
        {
            OnStartFailed(null, default, error); // whatever kept the process from starting is reported with the calls that wait for it
            return;
        }

        WorkerProcess worker = new(this, connection, _options);
        bool late;
        lock (_gate)
        {
            _all.Add(worker);
            late = _closed;
            worker.Timer = _options.TimeProvider.CreateTimer(
                _ => Kill(worker, $"was not ready within {_options.StartTimeout.TotalSeconds:0.###} s"), null, _options.StartTimeout, Timeout.InfiniteTimeSpan);
        }

        worker.Start(_initializer);
        if (late)
            worker.Kill();
    }

    /// <summary>Gives a ready worker a slot, or the place of one that is to be replaced, or makes it a spare.</summary>
    private void PlaceUnsynchronized(WorkerProcess worker, out WorkerProcess? replaced)
    {
        replaced = null;
        if (_slots.FirstOrDefault(slot => slot.IsVacant) is WorkerSlot vacant)
        {
            vacant.Attach(worker);
            return;
        }

        _spares.Add(worker);
        if (_slots.FirstOrDefault(slot => slot.Worker is { RetireReason: not null, Count: 0 }) is WorkerSlot retiring)
            replaced = TryReplaceUnsynchronized(retiring.Worker!, out _);
    }

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

    private void Kill(WorkerProcess worker, string reason)
    {
        List<PoolDispatch>? dispatches;
        int start;
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

    /// <summary>Looks at the workers between their answers: memory, age, signs of life.</summary>
    private void Watch()
    {
        List<WorkerProcess> tooLarge = [];
        List<WorkerProcess> unresponsive = [];
        List<WorkerProcess> replaced = [];
        List<PoolDispatch>? dispatches = null;
        int start;
        lock (_gate)
        {
            foreach (WorkerSlot slot in _slots)
            {
                if (slot.Worker is not WorkerProcess worker)
                    continue;
                if (worker.IsUnresponsiveUnsynchronized(_options.UnresponsiveAfter))
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
