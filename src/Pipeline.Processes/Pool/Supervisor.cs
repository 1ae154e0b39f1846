using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Processes;

/// <summary>Lets the rules of a pool decide about every event, and carries out what they decide.</summary>
/// <remarks>
/// Locking rule: <c>_gate</c> guards <see cref="PoolRules"/> with all that it stands on: workers, slots, calls, counters. Each event is decided in one hold of
/// the lock and carried out after it (<see cref="CarryOut"/>): nothing is sent, killed, started, completed or logged while the lock is held.
/// </remarks>
internal sealed class Supervisor : IAsyncDisposable
{
    private static readonly TimeSpan s_stuckCheckAfter = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_inspectionInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_memoryInspectionInterval = TimeSpan.FromMilliseconds(50);

    private delegate void Decision(ref PoolActions actions);

    private readonly Lock _gate = new();
    private readonly PoolRules _rules; // guarded by _gate
    private readonly ProcessPoolOptions _options;
    private readonly ProcessPoolLog _log;
    private readonly WorkerStarter _starter;
    private readonly bool _ownsBuffers;
    private readonly ITimer _stuckTimer;
    private readonly ITimer _restartTimer;
    private readonly ITimer _inspectionTimer;
    private readonly TaskCompletionSource _allGone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Supervisor(ProcessPoolOptions options)
    {
        _options = options;
        _ownsBuffers = options.SharedBuffers is null;
        Buffers = options.SharedBuffers ?? (OperatingSystem.IsLinux() ? new SharedBufferPool() : null);
        Buffers?.Attach();
        _starter = new WorkerStarter(options, Buffers);
        _rules = new PoolRules(options, (call, id, assigned) =>
            Decide((ref actions) => _rules!.OnDeadline(call, id, assigned, Stopwatch.GetTimestamp(), ref actions)));
        _log = new ProcessPoolLog(options.Logger);
        _stuckTimer = TimeProvider.System.CreateTimer(
            _ => Decide((ref actions) =>
                _rules.OnStuckCheck(Stopwatch.GetTimestamp(), ref actions)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _restartTimer = options.TimeProvider.CreateTimer(
            _ => Decide(_rules.StartDue), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        TimeSpan interval = _rules.WatchesMemory ? s_memoryInspectionInterval
            : s_inspectionInterval < options.UnresponsiveAfter ? s_inspectionInterval : options.UnresponsiveAfter;
        _inspectionTimer = options.TimeProvider.CreateTimer(_ => Decide(_rules.OnInspection), null, interval, interval);
        Decide(_rules.StartDue);
    }

    /// <summary>Gets what the workers share with this process; null where nothing can be shared.</summary>
    public SharedBufferPool? Buffers { get; }

    /// <summary>Gets a value indicating whether no call is under way. An estimate, read without the lock.</summary>
    public bool IsIdle => _rules.IsIdle;

    public void Submit(PoolCall call)
    {
        if (call.CancellationToken.CanBeCanceled)
        {
            call.Registration = call.CancellationToken.UnsafeRegister(
                static state =>
                {
                    (Supervisor owner, PoolCall canceled) = ((Supervisor, PoolCall))state!;
                    owner.Decide((ref actions) => owner._rules.OnCancel(canceled, ref actions));
                },
                (this, call));
        }

        PoolActions actions = default;
        lock (_gate)
            _rules.OnSubmit(call, ref actions);
        CarryOut(ref actions);
    }

    /// <summary>Waits until every slot has a worker.</summary>
    public Task WhenReadyAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_rules.TryWaitUntilReady(waiter))
                return Task.CompletedTask;
        }

        return waiter.Task.WaitAsync(cancellationToken);
    }

    public ProcessPoolSnapshot Snapshot()
    {
        lock (_gate)
            return _rules.Snapshot();
    }

    public async ValueTask DisposeAsync()
    {
        PoolActions actions = default;
        bool isFirst;
        lock (_gate)
            isFirst = _rules.TryClose(ref actions);
        if (isFirst)
        {
            await _stuckTimer.DisposeAsync().ConfigureAwait(false);
            await _restartTimer.DisposeAsync().ConfigureAwait(false);
            await _inspectionTimer.DisposeAsync().ConfigureAwait(false);
            CarryOut(ref actions);
            await Task.WhenAny(_allGone.Task, Task.Delay(_options.ShutdownTimeout, _options.TimeProvider)).ConfigureAwait(false);
            foreach ((PoolWorker worker, _) in actions.Rare.Dismissals)
                worker.Connection.Kill(); // does nothing to those that are gone
        }

        await _allGone.Task.ConfigureAwait(false);
        if (!isFirst)
            return;
        Buffers?.Detach();
        if (_ownsBuffers)
            Buffers?.Dispose();
    }

    /// <summary>A worker sent a frame. Called by its reading thread.</summary>
    /// <returns>A call whose result was read and that the reading thread completes, as the last thing before it reads on; null for none.</returns>
    public PoolCall? OnFrame(PoolWorker worker, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.CallId == Rehearsal.CallId)
            return null;
        if (header.Type is FrameType.Result or FrameType.Failure)
            return OnAnswer(worker, header, payload);
        if (header.Type == FrameType.Rent)
            OnRent(worker, header, payload);
        else if (header.Type == FrameType.Progress)
            OnProgress(worker, header, payload);
        return null;
    }

    public void OnReady(PoolWorker worker)
    {
        Decide((ref actions) => _rules.OnReady(worker, ref actions)); // calls that wait come first
        _log.Ready(worker.ProcessId, _options.TimeProvider.GetElapsedTime(worker.StartedAt).TotalMilliseconds);
        lock (_gate)
            worker.Measure();
    }

    /// <summary>A worker sent what cannot be read. Its connection ends, and the worker with it.</summary>
    public void OnBroken(PoolWorker worker, string message)
    {
        lock (_gate)
            worker.KillReason ??= $"its connection was broken. {message}";
        _log.BrokenConnection(worker.ProcessId, message);
    }

    /// <summary>The connection to a worker ended. The pool goes on at once; how the worker ended is known later.</summary>
    /// <returns>The calls whose fate depends on that.</returns>
    public List<PoolCall> OnConnectionLost(PoolWorker worker)
    {
        List<PoolCall> suspects = [];
        Decide((ref actions) => suspects = _rules.OnConnectionLost(worker, ref actions));
        return suspects;
    }

    /// <summary>A worker that was ready is gone.</summary>
    public void OnExited(PoolWorker worker, List<PoolCall> suspects, WorkerExit exit, string errorTail)
    {
        // Before the calls go back into the queue: the next attempt holds its memory instead of this one's, not beside it.
        foreach (PoolCall call in suspects)
            CallBuffers.Release(call.Buffers.TakeRented());
        Decide((ref actions) => _rules.OnExited(worker, suspects, exit, errorTail, ref actions));
    }

    /// <summary>A worker that has never been ready is gone.</summary>
    public void OnStartFailed(PoolWorker? worker, WorkerExit exit, string errorTail, Exception? error) =>
        Decide((ref actions) => _rules.OnStartFailed(worker, exit, errorTail, error, ref actions));

    private PoolCall? OnAnswer(PoolWorker worker, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        // What cannot be read must show before the call leaves the worker's table: then it is settled with the broken connection.
        WorkerFunctionException? failure = header.Type == FrameType.Failure
            ? RemoteError.Read(payload, Find(worker, header.CallId)?.Function.Name ?? "unknown") : null;
        PoolActions actions = default;
        PoolCall? call;
        lock (_gate)
            call = _rules.OnAnswer(worker, header, payload, ref actions);
        CarryOut(ref actions); // the worker gets its next call before this one's continuation competes for the processor
        if (call is null)
            return null;
        call.Function.Continuations.NoteHandler(header.Microseconds);
        if (failure is not null)
        {
            call.SetException(failure);
            return null;
        }

        if (!call.TryReadResult(payload))
            return null;
        if (call.ContinuesInline)
            return call;
        call.SetResult();
        return null;
    }

    private PoolCall? Find(PoolWorker worker, ulong callId)
    {
        lock (_gate)
            return worker.Find(callId);
    }

    private void OnProgress(PoolWorker worker, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (Find(worker, header.CallId) is not { Progress: { } progress } call)
            return;
        string?[] parts = WireStrings.Read(payload);
        double fraction = 0;
        if (parts is not [var text, var message]
            || (text is not null && !double.TryParse(text, CultureInfo.InvariantCulture, out fraction)))
            throw new InvalidDataException($"A progress frame of {payload.Length} bytes cannot be read.");
        try
        {
            progress.Report(new WorkerProgress(text is null ? null : fraction, message));
        }
        catch (Exception error)
        {
            _log.ProgressFailed(error, call.Subject); // it is the caller's code; the connection serves other calls too
        }
    }

    /// <summary>Rents memory for a handler. Its worker sends nothing else until it has the answer.</summary>
    private void OnRent(PoolWorker worker, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        SharedSegment? segment = null;
        string? problem = null;
        if (payload.Length != sizeof(long) || Buffers is null)
            throw new InvalidDataException($"A request for shared memory of {payload.Length} bytes cannot be read.");
        try
        {
            segment = Buffers.RentSegment(BinaryPrimitives.ReadInt64LittleEndian(payload));
        }
        catch (Exception error) when (error is SharedMemoryException or ArgumentException or ObjectDisposedException)
        {
            problem = error.Message;
        }

        byte[] answer = WireStrings.Write(segment?.Offset.ToString(CultureInfo.InvariantCulture), problem);
        if (segment is not null)
        {
            lock (_gate)
            {
                if (worker.Find(header.CallId) is { } call)
                {
                    call.Buffers.AddRented(segment);
                    segment = null;
                }
            }
        }

        segment?.Release(); // the call ended meanwhile: its worker is about to be killed
        worker.Sender.Write(FrameType.Rented, header.CallId, answer);
    }

    private void StartWorker(bool isUrgent)
    {
        PoolWorker worker;
        try
        {
            worker = _starter.Start(isUrgent);
        }
        catch (Exception error)
        {
            OnStartFailed(null, default, string.Empty, error); // any reason is reported with the calls that wait for the process
            return;
        }

        string late = $"was not ready within {_options.StartTimeout.TotalSeconds:0.###} s";
        bool isWanted;
        lock (_gate)
        {
            isWanted = _rules.OnStarted(worker);
            worker.Timer = _options.TimeProvider.CreateTimer(
                _ => Decide((ref actions) => _rules.Kill(worker, late, ref actions)),
                null,
                _options.StartTimeout,
                Timeout.InfiniteTimeSpan);
        }

        _ = new AnswerReader(this, worker, _log, _options.StandardErrorTailBytes); // its thread keeps it
        _starter.Greet(worker);
        if (!isWanted)
            worker.Connection.Kill();
    }

    /// <summary>Lets the rules decide about an event, and carries it out. Calls and answers, which are many, do the same without a delegate.</summary>
    private void Decide(Decision decision)
    {
        PoolActions actions = default;
        lock (_gate)
            decision(ref actions);
        CarryOut(ref actions);
    }

    /// <summary>Does what was decided. Called after the lock is released.</summary>
    private void CarryOut(ref PoolActions actions)
    {
        Debug.Assert(!_gate.IsHeldByCurrentThread, "Decisions are carried out under the lock.");
        AssertInvariants();
        if (actions.HasRare)
            CarryOutRare(actions.Rare, actions);
        else
            actions.SendAll();
    }

    private void CarryOutRare(RareActions rare, in PoolActions actions)
    {
        foreach ((PoolWorker worker, _) in rare.Kills)
            worker.Connection.Kill();
        actions.SendAll();
        bool isUrgent = rare.Starts.IsUrgent;
        for (int i = 0; i < rare.Starts.Count; i++)
            SpawnThread.Post(() => StartWorker(isUrgent));
        if (rare.Starts.Delay > TimeSpan.Zero)
            _restartTimer.Change(rare.Starts.Delay, Timeout.InfiniteTimeSpan);
        if (rare.ChecksForStuck)
            _stuckTimer.Change(s_stuckCheckAfter, Timeout.InfiniteTimeSpan);
        foreach ((PoolWorker worker, _) in rare.Dismissals)
            worker.Connection.CloseWrite();
        foreach ((PoolWorker spare, PoolFunction[] functions) in rare.Rehearsals)
            spare.Sender.Rehearse(functions);
        _log.Write(rare);
        foreach (CallEnd end in rare.Ends)
            end.Complete();
        foreach (TaskCompletionSource waiter in rare.Waiters)
            _ = rare.WaitersError is { } error ? waiter.TrySetException(error()) : waiter.TrySetResult();
        if (rare.IsLastGone)
            _allGone.TrySetResult();
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        lock (_gate)
            _rules.AssertInvariants();
    }
}
