namespace Pipeline.Processes;

/// <summary>The start of the workers: how many are due, what happens when one is ready or never will be.</summary>
internal sealed partial class Supervisor
{
    public void OnReady(WorkerProcess worker)
    {
        List<PoolDispatch>? dispatches;
        List<TaskCompletionSource> waiters = [];
        WorkerProcess? replaced = null;
        List<PoolFunction>? rehearsed = null;
        StartsDue start;
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

            if (_spares.Contains(worker))
                rehearsed = [.. _rehearsed];
            dispatches = FillAllUnsynchronized();
            start = StartsDueUnsynchronized();
        }

        SendAll(dispatches); // calls that wait come first
        if (rehearsed is not null)
            worker.Rehearse(rehearsed);
        Log.Ready(worker.ProcessId, _options.TimeProvider.GetElapsedTime(worker.StartedAt).TotalMilliseconds);
        lock (_gate)
            worker.MeasureUnsynchronized();
        foreach (TaskCompletionSource waiter in waiters)
            waiter.TrySetResult();
        if (replaced is not null)
            Dismiss(replaced);
        StartWorkers(start);
    }

    /// <summary>Settles what a worker that has never been ready leaves behind.</summary>
    public void OnStartFailed(WorkerProcess? worker, WorkerExit exit, Exception? error)
    {
        List<PoolCall> failed = [];
        List<TaskCompletionSource> waiters = [];
        StartsDue start;
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

    private void StartDue()
    {
        StartsDue start;
        lock (_gate)
            start = StartsDueUnsynchronized();
        StartWorkers(start);
    }

    /// <summary>How many workers to start now; they count as starting from here on.</summary>
    private StartsDue StartsDueUnsynchronized()
    {
        if (_closed || (_startFailures >= _options.MaxStartFailures && _queue.Count == 0))
            return default;
        int vacant = _slots.Count(slot => slot.IsVacant);
        bool retiring = _slots.Any(slot => slot.Worker?.RetireReason is not null);

        // Spares come after the workers: they must not compete with them for the processors at the start.
        int wanted = vacant > 0 ? vacant : Math.Max(_options.WarmSpares, retiring ? 1 : 0);
        int due = wanted - _spares.Count - _starting;
        if (due <= 0)
            return default;
        TimeSpan delay = _budget.Delay();
        if (delay > TimeSpan.Zero)
        {
            _restartTimer.Change(delay, Timeout.InfiniteTimeSpan);
            return new StartsDue(0, delay, false);
        }

        _starting += due;
        _counters.Started += due;

        // A worker warms up on a second processor, if none is taken away from others by that.
        int busy = _slots.Count(slot => slot.Worker is { Count: > 0 });
        return new StartsDue(due, TimeSpan.Zero, vacant > 0 && (2 * _starting) + busy <= Environment.ProcessorCount);
    }

    private void StartWorkers(StartsDue due)
    {
        if (due.Delay > TimeSpan.Zero)
            Log.BackingOff(due.Delay.TotalMilliseconds);
        for (int i = 0; i < due.Count; i++)
            SpawnThread.Post(() => StartWorker(due.Urgent));
    }

    private void StartWorker(bool urgent)
    {
        WorkerConnection connection;
        try
        {
            connection = WorkerConnection.Start(urgent ? _urgentCommand : _command, Buffers);
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

    /// <summary>What a look under the lock decided; acted upon outside of it.</summary>
    /// <param name="Count">Workers to start.</param>
    /// <param name="Delay">How long no worker is started, because too many died; zero otherwise.</param>
    private readonly record struct StartsDue(int Count, TimeSpan Delay, bool Urgent);
}
