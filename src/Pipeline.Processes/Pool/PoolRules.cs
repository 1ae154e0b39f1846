using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>
/// The rules of a pool: each method takes an event and decides what is to be done about it. No process, thread or lock is needed to test them.
/// </summary>
/// <remarks>
/// Guarded by the supervisor's lock, as is everything that it stands on. Nothing is sent, killed, started, completed or logged here: <see cref="PoolActions"/>
/// says what is to be.
/// </remarks>
internal sealed class PoolRules
{
    private readonly ProcessPoolOptions _options;
    private readonly Roster _roster;
    private readonly Dispatcher _dispatcher;
    private readonly Deadlines _deadlines;
    private readonly StartRule _starts;
    private readonly RecyclingRule _recycling;
    private readonly PoolCounters _counters = new();
    private readonly List<PoolFunction> _rehearsed = []; // those with a sample
    private readonly List<TaskCompletionSource> _readyWaiters = [];
    private bool _isClosed;

    /// <param name="options">The settings of the pool, its clock among them.</param>
    /// <param name="onDeadline">Called when the timer of a call is due, to pass its arguments to <see cref="OnDeadline"/>.</param>
    public PoolRules(ProcessPoolOptions options, Action<PoolCall, ulong, long> onDeadline)
    {
        _options = options;
        _roster = new Roster(options);
        _deadlines = new Deadlines(options.TimeProvider, onDeadline);
        _dispatcher = new Dispatcher(_roster, _deadlines, _counters);
        _starts = new StartRule(options);
        _recycling = new RecyclingRule(options);
    }

    /// <summary>Gets a value indicating whether no call is under way. Reads without the lock, so it is an estimate.</summary>
    public bool IsIdle
    {
        get
        {
            foreach (WorkerSlot slot in _roster.Slots)
            {
                if (slot.Worker is { Count: > 0 })
                    return false;
            }

            return _dispatcher.Waiting == 0;
        }
    }

    /// <summary>Gets a value indicating whether memory decides about workers, so that inspections come often.</summary>
    public bool WatchesMemory => _recycling.WatchesMemory;

    private bool IsReady => _roster.Vacant == 0;

    /// <summary>A caller made a call.</summary>
    public void OnSubmit(PoolCall call, ref PoolActions actions)
    {
        ThrowIfClosed();
        if (call.IsEnded)
            return; // canceled before it came here
        _counters.Submitted++;
        if (!_dispatcher.TrySend(call, ref actions))
            StartDue(ref actions);
    }

    /// <summary>A caller canceled a call: one that has not begun ends now, a running one with its worker.</summary>
    public void OnCancel(PoolCall call, ref PoolActions actions)
    {
        if (call.IsEnded || call.PendingEnd != CallEnding.None)
            return;
        PoolWorker? worker = call.Worker;
        if (call.IsSuspect || !_dispatcher.TryWithdraw(call))
        {
            call.PendingEnd = CallEnding.Canceled; // the verdict on a worker that is dead already comes as a cancellation too
            if (worker is not null)
                Kill(worker, "its call was canceled", ref actions);
            return;
        }

        End(new CallEnd(call, CallEnding.Canceled), ref actions);
    }

    /// <summary>A worker answered a call.</summary>
    /// <returns>The call, which has ended and is completed by the caller; null when it was settled before.</returns>
    public PoolCall? OnAnswer(PoolWorker worker, in FrameHeader header, ReadOnlySpan<byte> payload, ref PoolActions actions)
    {
        PoolCall? call = worker.Find(header.CallId);
        if (call is not null)
        {
            if (call.Function.Sample is null && header.Type == FrameType.Result)
                TakeSample(call, payload, ref actions);
            worker.Remove(call);
            call.IsEnded = true;
            _counters.CountEnd(header.Type);
            _counters.PayloadBytes += payload.Length;
        }

        worker.NoteAnswer(header);
        _recycling.Judge(worker);
        WorkerSlot? slot = worker.Slot;
        bool isReplaced = TryReplace(worker, ref actions);
        _dispatcher.Fill(isReplaced ? slot!.Worker! : worker, ref actions);
        if (worker.RetireReason is not null)
            StartDue(ref actions);
        return call;
    }

    /// <summary>A worker process was started.</summary>
    /// <returns>False when the pool was closed meanwhile; the worker is to be killed.</returns>
    public bool OnStarted(PoolWorker worker)
    {
        _roster.Add(worker);
        return !_isClosed;
    }

    /// <summary>A worker takes calls.</summary>
    public void OnReady(PoolWorker worker, ref PoolActions actions)
    {
        _starts.NoteReady();
        worker.Timer?.Dispose();
        if (worker.State == WorkerState.Starting && _roster.Place(worker) is { } replaced)
            NoteReplaced(replaced, ref actions);
        if (IsReady && _readyWaiters.Count > 0)
            actions.Rare.Tell(_readyWaiters, null);
        if (worker.Slot is null && _rehearsed.Count > 0 && worker.State == WorkerState.Ready)
            actions.Rare.Rehearsals.Add((worker, [.. _rehearsed]));
        _dispatcher.FillAll(ref actions);
        StartDue(ref actions);
    }

    /// <summary>A worker never became ready; null when there is no process, but an error.</summary>
    public void OnStartFailed(PoolWorker? worker, WorkerExit exit, string errorTail, Exception? error, ref PoolActions actions)
    {
        string tail = errorTail.Length == 0 ? string.Empty : $"The end of its standard error:{Environment.NewLine}{errorTail}";
        string reason = worker is null ? error!.Message
            : $"Worker process {worker.ProcessId} {worker.KillReason ?? exit.Describe()} before it was ready. {error?.Message} {tail}";
        StartFailure failure = new(_options.Name, _options.MaxStartFailures, reason, error);
        actions.Rare.FailedStart = failure;
        _starts.NoteFailed(counts: !_isClosed);
        if (!_isClosed && _starts.HasGivenUp)
        {
            actions.Rare.Tell(_readyWaiters, failure.ToException);
            while (_dispatcher.TakeFirst() is { } call)
                End(new CallEnd(call, CallEnding.NotStarted, Start: failure), ref actions);
        }

        StartDue(ref actions);
        Forget(worker, ref actions);
    }

    /// <summary>The connection to a worker ended: its slot gets the next worker, and calls that had not begun go back into the queue.</summary>
    /// <returns>The calls whose fate depends on how the worker ended.</returns>
    public List<PoolCall> OnConnectionLost(PoolWorker worker, ref PoolActions actions)
    {
        bool isUnexpected = worker.State == WorkerState.Ready;
        _roster.Detach(worker, WorkerState.Dead);
        List<PoolCall> suspects = _dispatcher.TakeFromDead(worker);
        if (isUnexpected)
        {
            _counters.Deaths++;
            _starts.NoteDeath();
        }

        _dispatcher.FillAll(ref actions);
        StartDue(ref actions);
        return suspects;
    }

    /// <summary>A worker is gone: its suspects are tried again or end.</summary>
    public void OnExited(PoolWorker worker, List<PoolCall> suspects, WorkerExit exit, string errorTail, ref PoolActions actions)
    {
        string how = worker.KillReason is { } reason ? $"was killed by the pool: {reason}" : exit.Describe();
        WorkerDeath death = new(worker.ProcessId, how, exit, errorTail);
        foreach (PoolCall call in suspects)
        {
            actions.Rare.Deaths.Add((call, death));
            if (_isClosed && call.PendingEnd == CallEnding.None)
                call.PendingEnd = CallEnding.Disposed;
            if (call.PendingEnd == CallEnding.None && ++call.Deaths < _options.MaxWorkerDeathsPerCall)
                _dispatcher.Retry(call);
            else
                End(new CallEnd(call, call.PendingEnd == CallEnding.None ? CallEnding.Quarantined : call.PendingEnd, death), ref actions);
        }

        _dispatcher.FillAll(ref actions);
        Forget(worker, ref actions);
    }

    /// <summary>The timer of a call is due (<see cref="Deadlines.Judge"/>). A call that ran too long ends with its worker, and no other call does.</summary>
    public void OnDeadline(PoolCall call, ulong id, long assigned, long now, ref PoolActions actions)
    {
        if (_deadlines.Judge(call, id, assigned, now) is not { } worker)
            return;
        call.PendingEnd = CallEnding.TimedOut;
        Kill(worker, "its call ran longer than the deadline", ref actions);
    }

    /// <summary>Time to check, at a <see cref="Stopwatch"/> timestamp, whether calls wait behind a stuck one.</summary>
    public void OnStuckCheck(long now, ref PoolActions actions) => _dispatcher.RevokeBehindStuck(now, ref actions);

    /// <summary>Time to inspect the workers between their answers: signs of life, memory, age.</summary>
    public void OnInspection(ref PoolActions actions)
    {
        foreach (WorkerSlot slot in _roster.Slots)
        {
            if (slot.Worker is not { } worker)
                continue;
            if (_recycling.ReasonToKill(worker) is { } reason)
            {
                Kill(worker, reason, ref actions);
                continue;
            }

            _recycling.Judge(worker);
            if (TryReplace(worker, ref actions))
                _dispatcher.Fill(slot.Worker!, ref actions);
        }

        StartDue(ref actions);
    }

    /// <summary>Decides to kill a worker. Its slot gets the next one, and calls that it has not begun go back into the queue.</summary>
    public void Kill(PoolWorker worker, string reason, ref PoolActions actions)
    {
        if (worker.State is WorkerState.Dying or WorkerState.Dead)
            return;
        worker.KillReason = reason;
        _counters.Kills++;
        _roster.Detach(worker, WorkerState.Dying);
        _dispatcher.Revoke(worker, keepsFirst: false);
        actions.Rare.Kills.Add((worker, reason));
        _dispatcher.FillAll(ref actions);
        StartDue(ref actions);
    }

    /// <summary>Decides whether workers are to be started.</summary>
    public void StartDue(ref PoolActions actions)
    {
        if (_isClosed)
            return;
        StartsDue due = _starts.Due(_roster, _dispatcher.Waiting);
        if (due == default)
            return;
        _counters.Started += due.Count;
        actions.Rare.Start(due);
    }

    /// <summary>Registers what waits for a worker in every slot.</summary>
    /// <returns>False when there is one already.</returns>
    public bool TryWaitUntilReady(TaskCompletionSource waiter)
    {
        ThrowIfClosed();
        if (IsReady)
            return false;
        _readyWaiters.Add(waiter);
        return true;
    }

    /// <summary>The pool is disposed: waiting calls end, idle workers may clean up, busy ones are killed.</summary>
    /// <returns>False when it was before.</returns>
    public bool TryClose(ref PoolActions actions)
    {
        if (_isClosed)
            return false;
        _isClosed = true;
        while (_dispatcher.TakeFirst() is { } call)
        {
            call.IsEnded = true;
            actions.Rare.Ends.Add(new CallEnd(call, CallEnding.Disposed));
        }

        foreach (PoolWorker worker in _roster.All)
        {
            foreach (PoolCall call in worker.Calls())
            {
                if (call.PendingEnd == CallEnding.None)
                    call.PendingEnd = CallEnding.Disposed;
            }

            bool isIdle = worker.State == WorkerState.Ready && worker.Count == 0;
            worker.State = isIdle ? WorkerState.Leaving : WorkerState.Dying;
            if (isIdle)
                actions.Rare.Dismissals.Add((worker, null));
            else
                actions.Rare.Kills.Add((worker, null));
        }

        actions.Rare.Tell(_readyWaiters, CallEnd.Disposed);
        Forget(null, ref actions);
        return true;
    }

    public ProcessPoolSnapshot Snapshot() => new()
    {
        WorkersReady = _roster.Slots.Length - _roster.Vacant,
        WorkersBusy = _roster.Busy,
        SparesReady = _roster.Spares.Count,
        WorkersStarting = _starts.Starting,
        CallsWaiting = _dispatcher.Waiting,
        CallsSubmitted = _counters.Submitted,
        CallsCompleted = _counters.Completed,
        CallsFailed = _counters.Failed,
        CallsCanceled = _counters.Canceled,
        CallsQuarantined = _counters.Quarantined,
        WorkersStarted = _counters.Started,
        WorkerDeaths = _counters.Deaths,
        WorkersKilled = _counters.Kills,
        WorkersRecycled = _counters.Recycled,
        ProcessIds = [.. _roster.Slots.Where(static slot => slot.Worker is not null).Select(static slot => slot.Worker!.ProcessId)],
        SpareProcessIds = [.. _roster.Spares.Select(static worker => worker.ProcessId)],
        PayloadBytes = _counters.PayloadBytes,
        ResidentBytes = _roster.Slots.Sum(static slot => slot.Worker?.ResidentBytes ?? 0),
    };

    [Conditional("DEBUG")]
    public void AssertInvariants()
    {
        Debug.Assert(_starts.Starting >= 0, "More workers are ready than were started.");
        _roster.AssertInvariants();
        _dispatcher.AssertInvariants();
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
            throw Closed();
    }

    private static ObjectDisposedException Closed() => new("Pipeline.Processes.ProcessPool");

    private void End(in CallEnd end, ref PoolActions actions)
    {
        Debug.Assert(!end.Call.IsEnded && !end.Call.IsQueued && end.Call.Worker is null, "A call ends twice, or while it is under way.");
        end.Call.IsEnded = true;
        _counters.CountEnd(end.Ending);
        actions.Rare.Ends.Add(end);
    }

    private bool TryReplace(PoolWorker worker, ref PoolActions actions)
    {
        if (!_roster.TryReplace(worker))
            return false;
        NoteReplaced(worker, ref actions);
        return true;
    }

    private void NoteReplaced(PoolWorker worker, ref PoolActions actions)
    {
        _counters.Recycled++;
        actions.Rare.Dismissals.Add((worker, worker.RetireReason));
    }

    /// <summary>Keeps the first small call of a function for rehearsals; spares that are ready rehearse it now.</summary>
    private void TakeSample(PoolCall call, ReadOnlySpan<byte> result, ref PoolActions actions)
    {
        if (_rehearsed.Count >= Rehearsal.MaxFunctions || call.Buffers.AreUsed || Rehearsal.TryMake(call.Payload, result) is not { } sample)
            return;
        call.Function.Sample = sample;
        _rehearsed.Add(call.Function);
        foreach (PoolWorker spare in _roster.Spares)
            actions.Rare.Rehearsals.Add((spare, [call.Function]));
    }

    private void Forget(PoolWorker? worker, ref PoolActions actions)
    {
        if (worker is not null)
            _roster.Forget(worker);
        if (_isClosed && _roster.All.Count == 0 && _starts.Starting == 0)
            actions.Rare.IsLastGone = true;
    }
}
