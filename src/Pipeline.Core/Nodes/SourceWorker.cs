namespace Pipeline.Core;

/// <summary>Takes items from the user's source, several per turn when it gives them at once.</summary>
/// <remarks>An inspection may hand on what a long turn has taken so far: items before <see cref="_found"/> are complete when it is read.</remarks>
internal sealed class SourceWorker<T>(SourceNode<T> node) : NodeWorker(node)
{
    private T[] _items = new T[1];
    private Ticket?[] _tickets = new Ticket[1];
    private long[] _weights = new long[1];
    private int _wanted;
    private int _found; // written by the worker's thread, read by an inspection
    private int _published; // guarded by the run's gate
    private bool _isAtEnd;
    private ValueTask<bool> _pending;
    private bool _isPending;
    private long _turnStart;
    private long _stamp;
    private long _busy;
    private bool _isTimed; // the turn takes time stamps

    /// <summary>Gets a value indicating whether the source has not given the next item yet. It may change at any time; false while its own thread
    /// works.</summary>
    public bool IsWaiting => Volatile.Read(ref _isPending);

    public void Start(int items, double expectedCost, bool isTimed, long now)
    {
        _isTimed = isTimed;
        ExpectedCost = expectedCost;
        if (_items.Length < items)
        {
            Array.Resize(ref _items, ChunkSize.Most);
            Array.Resize(ref _tickets, ChunkSize.Most);
            Array.Resize(ref _weights, ChunkSize.Most);
        }

        _wanted = items;
        _found = _published = 0;
        IsChunk = items > 1;
        IsSeen = false;
        node.Tickets.Take(_tickets.AsSpan(0, items)); // used when items come
        _turnStart = now;
        _busy = EndedAt = 0;
    }

    public override bool Run()
    {
        if (!_isPending && _isTimed)
            _stamp = node.Run.Now;
        try
        {
            if (node.Feed is EnumerableSource<T> items)
                TakeAll(items.Enumerator);

            // What was asked for is taken, also when the run wants no more meanwhile: an item must not be lost.
            while (_isPending || (_found < _wanted && !_isAtEnd && !node.Run.SourceStop.IsCancellationRequested))
            {
                ValueTask<bool> pending = _isPending ? _pending : node.Feed.MoveNextAsync(node.Run.SourceStop);
                if (!pending.IsCompleted)
                {
                    if (_found > _published)
                        PublishFound();
                    Volatile.Write(ref _isPending, true);
                    _pending = pending;
                    ResumeAfter(pending);
                    return false;
                }

                if (_isPending)
                {
                    _pending = default;
                    _isPending = false;
                }

                _isAtEnd = !pending.GetAwaiter().GetResult();
                if (_isAtEnd)
                    break;
                Accept(node.Feed.Current);
            }
        }
        catch (OperationCanceledException) when (node.Run.SourceStop.IsCancellationRequested)
        {
            _isAtEnd = true; // the run wanted no further item and the source obeyed
        }
        catch (Exception error)
        {
            _isAtEnd = true;
            node.Run.Ledger.DisposeItem(_items[_found]);
            _items[_found] = default!;
            node.Run.Stop(new PipelineStageException(node.Name, NextNumber, item: null, attempt: 1, error));
        }

        if (_isTimed)
        {
            EndedAt = node.Run.Now;
            _busy = EndedAt - _stamp;
        }

        return true;
    }

    public override void End(long now)
    {
        node.Account.EndTurn(now, _turnStart, _busy, held: 0);
        if (_found > 0)
            node.ObserveUnsynchronized(worker: 0, NextNumber - _found, _found, _busy, _turnStart, now);
        Publish(_found, now);
        Span<Ticket?> unused = _tickets.AsSpan(_found.._wanted);
        if (unused.Length > 0)
            node.Tickets.Recycle(unused);
        node.EndTurn(_wanted - _found, _isAtEnd, _busy, _isTimed ? _found : 0);
    }

    public override void Revoke(long now) => Publish(Volatile.Read(ref _found), now);

    private long NextNumber => node.Run.Ledger.ItemsTaken + _found - _published; // the number that the next item will have

    /// <summary>Hands on what was found so far, before the turn waits for the source.</summary>
    private void PublishFound()
    {
        lock (node.Run.Gate)
            Publish(_found, node.Run.StampUnsynchronized());
    }

    private void Publish(int end, long now)
    {
        if (end == _published)
            return;
        Span<T> items = _items.AsSpan(_published..end);
        Span<Ticket?> tickets = _tickets.AsSpan(_published..end);
        node.Run.Ledger.EnterUnsynchronized(tickets);
        if (ItemTraits<T>.MayBeWeighted)
        {
            for (int i = _published; i < end; i++)
                node.Run.Budget.Charge(_tickets[i]!, _weights[i]);
        }

        node.Publish(items, tickets, now);
        items.Clear();
        tickets.Clear();
        _published = end;
    }

    /// <summary>Takes items of a source that cannot wait.</summary>
    private void TakeAll(IEnumerator<T> items)
    {
        CancellationToken stop = node.Run.SourceStop;
        bool isPlain = !ItemTraits<T>.MayBeWeighted && !node.Queue.Estimates;
        T[] taken = _items;
        Ticket?[] tickets = _tickets;
        int i = _found;
        while (i < _wanted && !stop.IsCancellationRequested)
        {
            if (!items.MoveNext())
            {
                _isAtEnd = true;
                return;
            }

            T item = items.Current;
            if (!isPlain || item is null)
            {
                Accept(item);
                i = _found;
                continue;
            }

            taken[i] = item;
            ((Ticket<T>)tickets[i]!).Start(item);
            Volatile.Write(ref _found, ++i);
        }
    }

    private void Accept(T item)
    {
        if (item is null)
            throw new InvalidOperationException("The source gave null. Items must not be null; leave them out of the source.");
        _items[_found] = item;
        if (ItemTraits<T>.MayBeWeighted)
            _weights[_found] = item is IWeighted weighted ? Math.Max(0, weighted.WeightBytes) : 0;
        Ticket<T> ticket = (Ticket<T>)_tickets[_found]!;
        ticket.Start(item);
        if (node.Run.Journal is not null)
            ticket.JournalKey = node.Feed.CurrentKey;
        if (node.Queue.Estimates)
            node.Queue.Estimate(item, ticket);
        Volatile.Write(ref _found, _found + 1);
    }
}
