namespace Pipeline.Processes;

/// <summary>The pool as a whole: its workers, its numbers, its end.</summary>
internal sealed partial class Supervisor : IAsyncDisposable
{
    private static readonly TimeSpan s_watchInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_memoryWatchInterval = TimeSpan.FromMilliseconds(50);

    private readonly WorkerCommand _command;
    private readonly WorkerCommand _urgentCommand;
    private readonly string? _initializer;
    private readonly bool _ownsBuffers;
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

    public Supervisor(ProcessPoolOptions options, string? initializer)
    {
        _options = options;
        _initializer = initializer;
        _command = options.Launch.Resolve(options);
        _urgentCommand = _command.AsUrgent();
        _ownsBuffers = options.SharedBuffers is null;
        Buffers = options.SharedBuffers ?? (OperatingSystem.IsLinux() ? new SharedBufferPool() : null);
        Buffers?.Attach();
        PollMicroseconds = Environment.ProcessorCount > 1 ? (float)options.BusyPollLimit.TotalMicroseconds : 0; // on one processor it would keep the other side from running
        _watchesMemory = options.MemoryLimitBytes is not null || options.RecycleAboveBytes is not null;
        _budget = new CrashBudget(options);
        _slots = [.. Enumerable.Range(0, options.Workers).Select(index => new WorkerSlot(index))];
        Log = new ProcessPoolLog(options.Logger);
        _stealTimer = TimeProvider.System.CreateTimer(_ => Steal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _restartTimer = options.TimeProvider.CreateTimer(_ => StartDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        TimeSpan watch = _watchesMemory ? s_memoryWatchInterval : s_watchInterval < options.UnresponsiveAfter ? s_watchInterval : options.UnresponsiveAfter;
        _watchTimer = options.TimeProvider.CreateTimer(_ => Watch(), null, watch, watch);
        StartDue();
    }

    /// <summary>Gets how long both sides of a connection look for the next message of a lone short call before they sleep.</summary>
    public float PollMicroseconds { get; }

    /// <summary>Gets what the workers share with this process; null where nothing can be shared.</summary>
    public SharedBufferPool? Buffers { get; }

    /// <summary>Waits until every slot has a worker.</summary>
    public Task WhenReadyAsync(CancellationToken cancellationToken)
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

    public ProcessPoolSnapshot Snapshot()
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
                PayloadBytes = _counters.PayloadBytes,
                ResidentBytes = _slots.Sum(slot => (slot.Worker?.ResidentKiB ?? 0) * 1024L),
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!TryClose(out List<PoolCall> waiting, out List<WorkerProcess> toKill, out List<WorkerProcess> toDismiss, out List<TaskCompletionSource> waiters))
        {
            await _allGone.Task.ConfigureAwait(false);
            return;
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
        Buffers?.Detach();
        if (_ownsBuffers)
            Buffers?.Dispose();
    }

    /// <summary>Decides what becomes of everything.</summary>
    /// <returns>False when the pool is closed already.</returns>
    private bool TryClose(out List<PoolCall> waiting, out List<WorkerProcess> toKill, out List<WorkerProcess> toDismiss, out List<TaskCompletionSource> waiters)
    {
        waiting = [];
        toKill = [];
        toDismiss = [];
        waiters = [];
        lock (_gate)
        {
            if (_closed)
                return false;
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

        return true;
    }
}
