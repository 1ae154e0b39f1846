using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core;

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
    private bool _isTakenOver; // the body returned, so the item is no longer the run's
    private long _sequence; // the number of the first item
    private long _turnStart;
    private long _stamp;
    private long _busy;
    private long _held;
    private long _waited; // before the turn, summed over its items; -1 when it is not measured
    private Activity? _activity; // of the turn, while somebody samples it

    /// <summary>Gets or sets the key of its item, in a keyed stage. Guarded by the run's gate.</summary>
    public int KeyHash { get; set; }

    /// <summary>Gets a value indicating whether the turn takes time stamps.</summary>
    public bool IsTimed { get; private set; }

    private ref TIn Item => ref _items[_begun];

    private Ticket Ticket => _tickets[_begun]!;

    /// <summary>Gives the places for up to so many items; under the gate, before <see cref="Start"/>.</summary>
    public void Prepare(int most, out Span<TIn> values, out Span<Ticket?> tickets)
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

    public void Start(int items, long position, double expectedCost, bool isTimed, long now)
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
        _failed = 0;
        _turnStart = now;
        EndedAt = isTimed ? 0 : now; // what runs nothing takes no time
        _busy = _held = _awaited = 0;
        _waited = node.Run.Instruments.MeasuresWaits ? Waited(node.Run.Now) : -1;
    }

    public override bool Run()
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
                node.Run.Instruments.Record(node, _count, _busy, _waited, _failed, _lastError);
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

    public override void End(long now)
    {
        PublishUpTo(_count, now);
        node.Account.EndTurn(now, _turnStart, _busy, _held);
        node.Awaited += _awaited;
        if (IsTimed)
            node.Run.ObserveUnsynchronized(node, index, _sequence, _count, _busy, _turnStart, now);
        node.EndTurn(this, _busy, _count);
    }

    public override void Rescue(long now)
    {
        if (_isRevoked)
            return;
        Volatile.Write(ref _isRevoked, true);
        Interlocked.MemoryBarrierProcessWide();
        KeepOnly(Volatile.Read(ref _begun), now);
    }

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
