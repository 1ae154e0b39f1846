namespace Pipeline.Core.Internal;

/// <summary>Takes one item from the user's source per turn.</summary>
internal sealed class SourceWorker<T>(SourceNode<T> node) : NodeWorker(node)
{
    private ValueTask<bool> _pending;
    private bool _isPending;
    private bool _hasItem;
    private T _item = default!;
    private Ticket<T>? _ticket; // prepared outside the gate, used when an item came
    private long _weight;
    private long _turnStart;
    private long _busy;

    internal void Start(long now)
    {
        _turnStart = now;
        _busy = 0;
        _weight = 0;
        _hasItem = false;
        _ticket ??= node.NewTicket();
    }

    internal override bool Run()
    {
        long stamp = node.Run.Now;
        try
        {
            if (!_isPending)
            {
                _pending = node.Feed.MoveNextAsync(node.Run.SourceStop);
                if (!_pending.IsCompleted)
                {
                    _isPending = true;
                    ResumeAfter(_pending);
                    return false;
                }
            }

            _isPending = false;
            ValueTask<bool> pending = _pending;
            _pending = default;
            if (pending.GetAwaiter().GetResult())
                Accept(node.Feed.Current);
        }
        catch (OperationCanceledException) when (node.Run.SourceStop.IsCancellationRequested)
        {
            // The run wanted no further item and the source obeyed: that is its end.
        }
        catch (Exception error)
        {
            node.Run.DisposeItem(_item);
            _item = default!;
            node.Run.Stop(new PipelineStageException(SourceNode.SourceName, node.Run.ItemsTaken, item: null, attempt: 1, error));
        }

        _busy = node.Run.Now - stamp;
        return true;
    }

    internal override void End(long now)
    {
        node.Account.EndTurn(now, _turnStart, _busy, held: 0);
        if (!_hasItem)
        {
            node.IsEnded = true;
            node.Hop.BreakPromise();
            return;
        }

        node.Run.ObserveUnsynchronized(node, worker: 0, node.Run.ItemsTaken, _busy, _turnStart, now);
        Ticket<T> ticket = _ticket!;
        _ticket = null;
        node.Items++;
        node.Run.EnterUnsynchronized(ticket);
        if (_weight > 0)
            node.Run.Budget.Charge(ticket, _weight);
        node.Hop.Append(new Slot<T>(_item, ticket));
        _item = default!;
        node.Hop.Consumer.OnInputChanged(now);
    }

    private void Accept(T item)
    {
        if (item is null)
            throw new InvalidOperationException("The source gave null. Items must not be null; leave them out of the source.");
        _item = item;
        if (ItemTraits<T>.MayBeWeighted && item is IWeighted weighted)
            _weight = Math.Max(0, weighted.WeightBytes);
        _ticket!.Start(node.Run.ItemsTaken, item);
        node.Hop.Estimate(item, _ticket);
        _hasItem = true;
    }
}
