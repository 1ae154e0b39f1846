namespace Pipeline.Core;

/// <summary>The items of one turn of a stage's worker and what became of them.</summary>
/// <remarks>Two threads may work on a turn over several items: the worker's own, which goes from item to item without any lock, and one that inspects the run,
/// which takes away what is not begun when the turn lasts too long (<see cref="Revoke"/>). They agree like this: the worker first writes <see cref="_begun"/>,
/// then reads <see cref="_isRevoked"/>; the inspection first sets <see cref="_isRevoked"/>, then reads <see cref="_begun"/>, with a process-wide memory barrier
/// between, so that the worker needs none. Either the inspection sees the item as begun and leaves it, or the worker sees that it is revoked and asks under the
/// gate how many items are still its own.</remarks>
internal sealed class StageTurn<TIn, TOut>(StageNode<TIn, TOut> node)
{
    private readonly RunContext _run = node.Run;
    private TIn[] _items = new TIn[1];
    private Ticket?[] _tickets = new Ticket[1];
    private TOut[] _results = new TOut[1];
    private ItemOutcome[] _outcomes = new ItemOutcome[1];
    private long[] _weights = new long[1];
    private long _position; // of the first result in the output; -1 when the tickets know theirs
    private bool _hasDrops; // an item of the turn gives no result
    private int _count; // items of the turn; written under the gate
    private int _begun; // the item that the body works on; written by the worker's thread, read by an inspection
    private int _published; // guarded by the run's gate: items before it are handed on
    private bool _isRevoked; // written under the gate, read by the worker's thread
    private bool _isTakenOver; // the body returned, so the item is no longer the run's

    public int Count => _count;
    public int Begun => _begun; // how many items are done, and the index of the one at hand
    public long Sequence { get; private set; } // the number of the first item
    public ref TIn Item => ref _items[_begun];
    public Ticket Ticket => _tickets[_begun]!;
    public bool IsTakenOver => _isTakenOver;

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

    public void Start(int items, long position)
    {
        _count = items;
        Sequence = _tickets[0]!.Sequence;
        _position = position;
        _hasDrops = false;
        _begun = _published = 0;
        _isRevoked = false;
        _isTakenOver = false;
    }

    /// <summary>Sums up how long the items waited before the turn.</summary>
    /// <returns>Time stamps; -1 when that was not measured.</returns>
    public long Waited(long now)
    {
        long waited = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_tickets[i]!.ArrivedAt == 0)
                return -1; // it arrived before a listener came
            waited += now - _tickets[i]!.ArrivedAt;
        }

        return waited;
    }

    /// <summary>Says whether there is an item at hand that still belongs to the turn.</summary>
    public bool OwnsItem()
    {
        if (_begun >= _count)
            return false;
        return !Volatile.Read(ref _isRevoked) || StillOwnsItem();
    }

    /// <summary>Goes on to the next item.</summary>
    public void Advance()
    {
        _isTakenOver = false;
        Volatile.Write(ref _begun, _begun + 1);
    }

    /// <summary>Runs a plain function on the items that are left. It cannot wait, so nothing else is done for an item; what is left when the run stops or an
    /// inspection revokes items goes the usual way.</summary>
    public void ApplyToAll(Func<TIn, TOut> function)
    {
        RunContext run = _run;
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
    /// <returns>False when it waits, for the task.</returns>
    public bool HandAllTo(Func<TIn, CancellationToken, ValueTask> sink, out ValueTask pending)
    {
        RunContext run = _run;
        CancellationToken cancellation = run.Cancellation;
        TIn[] items = _items;
        int i = _begun;
        while (i < _count && !Volatile.Read(ref _isRevoked) && !run.IsStopping)
        {
            ValueTask task = sink(items[i], cancellation);
            if (!task.IsCompleted)
            {
                pending = task;
                return false;
            }

            task.GetAwaiter().GetResult();
            Volatile.Write(ref _begun, ++i);
        }

        pending = default;
        return true;
    }

    /// <summary>Keeps the result of the item at hand. The body has taken the item over.</summary>
    /// <param name="result">The result.</param>
    /// <param name="dropped">What becomes of the item when it gives no result.</param>
    public void Accept(TOut result, ItemOutcome? dropped)
    {
        _isTakenOver = true;
        if (dropped is { } outcome)
        {
            _results[_begun] = result;
            Drop(outcome);
            return;
        }

        if (result is null)
            throw NullResult();
        _results[_begun] = result;

        if (ItemTraits<TOut>.MayBeWeighted)
            _weights[_begun] = result is IWeighted weighted ? Math.Max(0, weighted.WeightBytes) : -1;
        node.Output.Queue?.Estimate(result, Ticket);
    }

    /// <summary>Disposes what the run owns of the item at hand (the item before the body took it over, the result afterwards) and notes that it gives
    /// none.</summary>
    public void Drop(ItemOutcome outcome)
    {
        if (!_isTakenOver)
            _run.Ledger.DisposeItem(Item);
        else
            _run.Ledger.DisposeItem(_results[_begun]);
        _results[_begun] = default!;
        Item = default!;
        if (!_hasDrops)
            Array.Clear(_outcomes); // all completed
        Volatile.Write(ref _hasDrops, true);
        _outcomes[_begun] = outcome;
    }

    /// <summary>Takes away what the worker has not begun; under the gate, from another thread.</summary>
    public void Revoke(long now)
    {
        if (_isRevoked)
            return;
        Volatile.Write(ref _isRevoked, true);
        Interlocked.MemoryBarrierProcessWide(); // stands for the barrier that the worker leaves out between its write and its read
        RevokeBehind(Volatile.Read(ref _begun), now);
    }

    /// <summary>Hands on what is finished and gives back all but the item at hand, which is going to take long.</summary>
    public void RevokeOthers()
    {
        lock (_run.Gate)
            RevokeBehind(_begun, _run.StampUnsynchronized());
    }

    /// <summary>Hands on the results before the item at hand.</summary>
    public void PublishBefore()
    {
        lock (_run.Gate)
            PublishUpTo(_begun, _run.StampUnsynchronized());
    }

    /// <summary>Hands on all results; under the gate.</summary>
    public void PublishAll(long now) => PublishUpTo(_count, now);

    private bool StillOwnsItem()
    {
        lock (_run.Gate) // the revoking ends before this, so the count is the final one
            return _begun < _count;
    }

    private InvalidOperationException NullResult() =>
        new($"Stage '{node.Name}' returned null for item {Ticket.Sequence}. A result must not be null.");

    /// <summary>Hands on what is finished and gives back what is not begun; under the gate.</summary>
    private void RevokeBehind(int begun, long now)
    {
        if (begun >= _count)
            return;
        PublishUpTo(begun, now);
        for (int i = begun + 1; i < _count; i++)
        {
            Ticket ticket = _tickets[i]!;
            if (_position >= 0)
                ticket.ExitPosition = _position + i;
            node.TakeBack(_items[i], ticket); // with its room and position: another worker goes on from there
            _items[i] = default!;
            _tickets[i] = null;
        }

        _count = begun + 1; // from here on the worker finds no further item
        node.OnInputChanged(now);
    }

    /// <summary>Hands on the results before an index; under the gate.</summary>
    private void PublishUpTo(int end, long now)
    {
        int start = _published;
        while (_published < end)
        {
            int first = _published;
            if (!ItemTraits<TOut>.MayBeWeighted && !_hasDrops)
                _published = end;
            while (_published < end && !(_hasDrops && _outcomes[_published] != ItemOutcome.Completed))
            {
                if (ItemTraits<TOut>.MayBeWeighted && _weights[_published] >= 0)
                    _run.Budget.Charge(_tickets[_published]!, _weights[_published]);
                _published++;
            }

            if (_published > first)
                node.Publish(_results.AsSpan(first.._published), _tickets.AsSpan(first.._published), Position(first), now);
            for (; _published < end && _hasDrops && _outcomes[_published] != ItemOutcome.Completed; _published++)
                node.Drop(_tickets[_published]!, _outcomes[_published], Position(_published), now);
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<TIn>())
            _items.AsSpan(start..end).Clear();
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TOut>())
            _results.AsSpan(start..end).Clear();
        _tickets.AsSpan(start..end).Clear();
    }

    private long Position(int item) => _position >= 0 ? _position + item : -1;
}
