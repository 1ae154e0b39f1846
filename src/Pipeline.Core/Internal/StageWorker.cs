using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Pipeline.Core.Internal;

/// <summary>One worker of a stage: runs the body on the items of its turn, each with its attempts.</summary>
/// <remarks>
/// Two threads may look at a turn over several items: its own, which goes from item to item without any lock, and the run's watch,
/// which takes away what is not begun when the turn lasts too long (<see cref="Rescue"/>). They agree like this: the worker first
/// writes <see cref="_begun"/>, then reads <see cref="_isRevoked"/>; the watch first sets <see cref="_isRevoked"/>, then reads
/// <see cref="_begun"/>, with a process-wide memory barrier between, so that the worker needs none. Either the watch sees the item
/// as begun and leaves it, or the worker sees that it is revoked and asks under the gate how many items are still its own.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The run calls DisposeBodyAsync.")]
internal sealed partial class StageWorker<TIn, TOut>(StageNode<TIn, TOut> node, int index) : NodeWorker(node)
{
    private TIn[] _items = new TIn[1];
    private Ticket?[] _tickets = new Ticket[1];
    private TOut[] _results = new TOut[1];
    private ItemOutcome[] _outcomes = new ItemOutcome[1];
    private long[] _weights = new long[1];
    private long _position; // of the first result in the output; -1 when the tickets know theirs
    private bool _hasDrops; // an item of the turn gives no result
    private int _count; // items of the turn; written under the gate
    private int _begun; // the item that the body works on; written by the worker's thread, read by the watch
    private int _published; // guarded by the run's gate: items before it are handed on
    private bool _isRevoked; // written under the gate, read by the worker's thread

    private IStageWorker<TIn, TOut>? _body;
    private Func<TIn, TOut>? _function; // the body, when it is a plain function and nothing is to be asked per item
    private Func<TIn, CancellationToken, ValueTask>? _sink; // the user's sink, when the body is one
    private IDroppingWorker? _dropper; // the body, when it may give no result
    private Exception? _lastError; // of an item of the turn that failed for good
    private int _attempt;
    private bool _isTakenOver; // the body returned, so the item is no longer the run's
    private ValueTask<TOut> _pendingBody;
    private Task? _pendingDelay;
    private CancellationTokenSource? _timeout; // of the attempt, when attempts have a limit
    private CancellationTokenRegistration _timeoutRegistration;
    private bool _isBodyPending;
    private long _sequence; // the number of the first item
    private long _turnStart;
    private long _bodyStart; // of the item, while the stage is made slower on purpose
    private long _stamp;
    private long _busy;
    private long _held;
    private long _awaitStart; // of a body that waits, while the run calibrates
    private long _awaited; // by bodies of the turn, while the run calibrates
    private long _waited; // before the turn, summed over its items; -1 when it is not measured
    private Activity? _activity; // of the turn, while somebody samples it

    /// <summary>Gets or sets the key of its item, in a keyed stage. Guarded by the run's gate.</summary>
    internal int KeyHash { get; set; }

    /// <summary>Gets a value indicating whether the turn takes time stamps.</summary>
    internal bool IsTimed { get; private set; }

    private ref TIn Item => ref _items[_begun];

    private Ticket Ticket => _tickets[_begun]!;

    /// <summary>Gives the places for up to so many items; under the gate, before <see cref="Start"/>.</summary>
    internal void Prepare(int most, out Span<TIn> values, out Span<Ticket?> tickets)
    {
        if (_items.Length < most)
        {
            _items = new TIn[ChunkSize.Most];
            _tickets = new Ticket[ChunkSize.Most];
            _results = new TOut[ChunkSize.Most];
            _outcomes = new ItemOutcome[ChunkSize.Most];
            _weights = new long[ChunkSize.Most];
        }

        values = _items.AsSpan(0, most);
        tickets = _tickets.AsSpan(0, most);
    }

    internal void Start(int items, long position, double expectedCost, bool isTimed, long now)
    {
        IsTimed = isTimed;
        ExpectedCost = expectedCost;
        _count = items;
        _sequence = _tickets[0]!.Sequence;
        _position = position;
        _hasDrops = false;
        _begun = _published = 0;
        _isRevoked = false;
        IsChunk = items > 1;
        IsSeen = false;
        _attempt = 1;
        _isTakenOver = false;
        _lastError = null;
        _turnStart = now;
        EndedAt = isTimed ? 0 : now; // what runs nothing takes no time
        _busy = _held = _awaited = 0;
        _waited = node.Run.Instruments.MeasuresWaits ? Waited(node.Run.Now) : -1;
    }

    internal override bool Run()
    {
        if (node.Run.Activity is not { } run)
            return RunTurn();
        Activity? before = Activity.Current;
        if (_begun == 0 && !_isBodyPending && _pendingDelay is null)
            _activity = StageActivity.Start(node, run, _count);
        else
            Activity.Current = _activity;
        bool isOver = RunTurn();
        if (isOver && _activity is not null)
            StageActivity.End(_activity, _lastError);
        Activity.Current = before;
        return isOver;
    }

    private bool RunTurn()
    {
        if (!_isBodyPending)
            ContinueClock();
        while (true)
        {
            try
            {
                if (!ProcessItems())
                    return false;
                StopClock();
                node.Run.Instruments.Record(node, _count, _busy, _waited, _lastError);
                return true;
            }
            catch (Exception error)
            {
                // Whatever user code throws becomes a retry, a reported failure or the end of the run.
                switch (Judge(error))
                {
                    case AfterFailure.GiveUp:
                        GoOn();
                        break;
                    case AfterFailure.TryLater:
                        return false;
                    default:
                        break;
                }
            }
        }
    }

    internal override void End(long now)
    {
        PublishUpTo(_count, now);
        node.Account.EndTurn(now, _turnStart, _busy, _held);
        node.Awaited += _awaited;
        if (IsTimed)
            node.Run.ObserveUnsynchronized(node, index, _sequence, _count, _busy, _turnStart, now);
        node.EndTurn(this, _busy, _count);
    }

    internal override void Rescue(long now)
    {
        if (_isRevoked)
            return;
        Volatile.Write(ref _isRevoked, true);
        Interlocked.MemoryBarrierProcessWide();
        KeepOnly(Volatile.Read(ref _begun), now);
    }

    internal async ValueTask DisposeBodyAsync()
    {
        EndTimeout();
        if (_body is not null)
            await _body.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Runs the body on the items that are left.</summary>
    /// <returns>False when a body waits for something asynchronous.</returns>
    private bool ProcessItems()
    {
        if (_isBodyPending)
        {
            if (node.Run.IsCalibrating)
                _awaited += node.Run.Now - _awaitStart;
            ValueTask<TOut> over = _pendingBody;
            _isBodyPending = false;
            _pendingBody = default;
            Accept(over.GetAwaiter().GetResult());
            Prolong();
            GoOn();
        }
        else if (_pendingDelay is { } delay)
        {
            _pendingDelay = null;
            delay.GetAwaiter().GetResult(); // it is over; throws when the run stopped meanwhile
        }

        RunEngine run = node.Run;
        if (_function is { } function)
            ApplyToAll(function);
        else if (_sink is { } sink && !HandAllTo(sink))
            return false;
        while (OwnsItem())
        {
            if (run.IsStopping)
                throw new OperationCanceledException(run.Cancellation);
            if (node.HasEstimateErrors && Ticket.EstimateError is { } error)
                ExceptionDispatchInfo.Throw(error);
            if (node.SlowDown > 0)
                _bodyStart = Stopwatch.GetTimestamp();
            ValueTask<TOut> task = (_body ?? CreateBody()).ProcessAsync(Item, node.Settings.ItemTimeout is null ? run.Cancellation : StartTimeout());
            if (!task.IsCompleted)
            {
                WaitFor(task);
                return false;
            }

            Accept(task.GetAwaiter().GetResult());
            Prolong();
            GoOn();
        }

        return true;
    }

    /// <summary>Runs a plain function on the items that are left. It cannot wait, so nothing else is done for an item; what is left when the run stops or the watch steps in goes the usual way.</summary>
    private void ApplyToAll(Func<TIn, TOut> function)
    {
        RunEngine run = node.Run;
        TIn[] items = _items;
        TOut[] results = _results;
        int i = _begun;
        while (i < _count && !Volatile.Read(ref _isRevoked) && !run.IsStopping)
        {
            TOut result = function(items[i]);
            if (result is null)
            {
                _isTakenOver = true;
                throw NullResult();
            }

            results[i] = result;
            Volatile.Write(ref _begun, ++i);
        }
    }

    /// <summary>Hands the items that are left to the user's sink, while it does not wait.</summary>
    /// <returns>False when it waits.</returns>
    private bool HandAllTo(Func<TIn, CancellationToken, ValueTask> sink)
    {
        RunEngine run = node.Run;
        CancellationToken cancellation = run.Cancellation;
        TIn[] items = _items;
        int i = _begun;
        while (i < _count && !Volatile.Read(ref _isRevoked) && !run.IsStopping)
        {
            ValueTask task = sink(items[i], cancellation);
            if (!task.IsCompleted)
            {
                WaitFor((ValueTask<TOut>)(object)SinkStage<TIn>.Await(task));
                return false;
            }

            task.GetAwaiter().GetResult();
            Volatile.Write(ref _begun, ++i);
        }

        return true;
    }

    private void WaitFor(ValueTask<TOut> task)
    {
        if (_count > 1)
            KeepOnlyThis();
        if (node.Run.IsCalibrating)
            _awaitStart = node.Run.Now;
        _pendingBody = task;
        _isBodyPending = true;
        ResumeAfter(task);
    }

    private InvalidOperationException NullResult() => new($"Stage '{node.Name}' returned null for item {Ticket.Sequence}. A result must not be null.");

    private bool OwnsItem()
    {
        if (_begun >= _count)
            return false;
        return !Volatile.Read(ref _isRevoked) || StillOwnsItem();
    }

    private bool StillOwnsItem() => node.Run.Ask(() => _begun < _count);

    private void KeepOnlyThis() => node.Run.Ask(() => KeepOnly(_begun, node.Run.StampUnsynchronized()));

    private void GoOn()
    {
        _attempt = 1;
        _isTakenOver = false;
        Volatile.Write(ref _begun, _begun + 1);
    }

    private IStageWorker<TIn, TOut> CreateBody()
    {
        _body = node.Settings.Executor.CreateWorker(node.Stage, new StageWorkerContext(node.Run.PipelineName, node.Name, index, node.Run.Cancellation) { Spare = node.Run.SpareWorkersPerItem })
            ?? throw new InvalidOperationException($"Stage '{node.Name}' returned null from CreateWorker. Return a worker object.");
        _dropper = _body as IDroppingWorker;
        if (_body is FunctionStage<TIn, TOut> plain && node.Settings.ItemTimeout is null && node.SlowDown <= 0 && !node.HasEstimateErrors && !ItemTraits<TOut>.MayBeWeighted && node.Output.Hop is not { Estimates: true })
            _function = plain.Body;
        _sink = (_body as SinkStage<TIn>)?.Sink;
        return _body;
    }

    private void Accept(TOut result)
    {
        _isTakenOver = true;
        if (_dropper?.Dropped is { } outcome)
        {
            _results[_begun] = result;
            Release();
            Drop(outcome);
            return;
        }

        if (result is null)
            throw NullResult();
        _results[_begun] = result;

        if (ItemTraits<TOut>.MayBeWeighted)
            _weights[_begun] = result is IWeighted weighted ? Math.Max(0, weighted.WeightBytes) : -1;
        node.Output.Hop?.Estimate(result, Ticket);
    }

    /// <summary>Computes for a share of what the item took, when the run is an experiment. Real time, whatever clock the run has: it is about work.</summary>
    private void Prolong()
    {
        if (node.SlowDown <= 0)
            return;
        long now = Stopwatch.GetTimestamp();
        long end = now + (long)((now - _bodyStart) * node.SlowDown);
        while (Stopwatch.GetTimestamp() < end && !node.Run.IsStopping)
            Thread.SpinWait(20);
    }

    private void ContinueClock()
    {
        if (!IsTimed)
            return;
        long now = node.Run.Now;
        if (_pendingDelay is not null)
            _held += now - _stamp;
        _stamp = now;
    }

    private void StopClock()
    {
        if (!IsTimed)
            return;
        long now = node.Run.Now;
        _busy += now - _stamp;
        _stamp = EndedAt = now;
    }
}
