using System.Runtime.ExceptionServices;

namespace Pipeline.Core;

/// <summary>Makes the parts of items: outside the gate, because handles are made and the branches' first stages are asked for estimates.</summary>
internal sealed class BranchWorker<T>(BranchNode<T> node) : NodeWorker(node)
{
    private T[] _items = new T[1];
    private Ticket?[] _tickets = new Ticket[1];
    private bool[] _hasFailed = new bool[1];
    private T[] _values = []; // of the parts, item by item
    private PartTicket[] _parts = [];
    private int _count;
    private long _position; // of the first item at the meeting point
    private long _turnStart;
    private long _busy;

    private int PartsPerItem => node.IsRoute ? 1 : node.Branches.Length;

    /// <summary>Gives the places for up to so many items; under the gate, before <see cref="Start"/>.</summary>
    public void Prepare(int most, out Span<T> values, out Span<Ticket?> tickets)
    {
        if (_items.Length < most)
        {
            _items = new T[most];
            _tickets = new Ticket[most];
            _hasFailed = new bool[most];
        }

        values = _items.AsSpan(0, most);
        tickets = _tickets.AsSpan(0, most);
    }

    /// <summary>Takes the parts' tickets and the room for them; under the gate.</summary>
    public void Start(int items, long position, long now)
    {
        _count = items;
        _position = position;
        _turnStart = now;
        Array.Clear(_hasFailed);
        if (_parts.Length < items * PartsPerItem)
        {
            _parts = new PartTicket[items * PartsPerItem];
            _values = new T[_parts.Length];
        }

        for (int part = 0; part < items * PartsPerItem; part++)
        {
            _parts[part] = node.Run.Ledger.TakePartUnsynchronized(_tickets[part / PartsPerItem]!);
            BranchOf(part)?.Promise(1);
        }
    }

    public override bool Run()
    {
        long start = node.Run.Now;
        Exception? lastError = null;
        for (int item = 0; item < _count; item++)
        {
            try
            {
                Split(item);
            }
            catch (Exception error)
            {
                lastError = error;
                _hasFailed[item] = true;
                object? failed = Disposal.IsDisposable(_items[item]) ? null : _items[item];
                node.Run.Ledger.DisposeItem(_items[item]);
                node.Run.Ledger.Fail(node, node.Settings.OnFailure, _tickets[item]!, failed, attempts: 1, error);
            }
        }

        _busy = node.Run.Now - start;
        node.Record(_count, _busy, waited: -1, failed: _hasFailed.AsSpan(0, _count).Count(true), lastError);
        return true;
    }

    public override void End(long now)
    {
        node.Account.EndTurn(now, _turnStart, _busy, held: 0);
        node.ObserveUnsynchronized(worker: 0, _tickets[0]!.Sequence, _count, _busy, _turnStart, now);
        for (int item = 0; item < _count; item++)
        {
            if (_hasFailed[item])
                GiveUp(item, now);
            else
                HandOn(item, now);
        }

        Array.Clear(_items);
        Array.Clear(_tickets);
        Array.Clear(_values);
    }

    private StageQueue<T>? BranchOf(int part)
    {
        if (!node.IsRoute)
            return node.Branches[part % PartsPerItem];
        Ticket ticket = _tickets[part]!;
        return ticket.KeyHash == BranchNode<T>.Unmatched || ticket.EstimateError is not null ? null : node.Branches[ticket.KeyHash];
    }

    private void Split(int item)
    {
        Ticket ticket = _tickets[item]!;
        T value = _items[item];
        if (ticket.EstimateError is { } error && node.IsRoute)
            ExceptionDispatchInfo.Throw(error);
        if (node.IsRoute && ticket.KeyHash == BranchNode<T>.Unmatched)
        {
            throw new InvalidOperationException(
                $"Stage '{node.Name}' has no route for item {ticket.Sequence}. Every item must match a route. Add one with When, or " +
                "take the rest with Otherwise.");
        }

        IShareable? shareable = node.IsRoute ? null : value as IShareable;
        if (!node.IsRoute && ItemTraits<T>.MayBeDisposable && shareable is null && Disposal.IsDisposable(value))
        {
            throw new InvalidOperationException(
                $"Stage '{node.Name}' cannot give item {ticket.Sequence} to several branches: a {value!.GetType().Name} is disposable " +
                $"and would have several owners. Wrap it in the stage before: new Shared<{value.GetType().Name}>(item).");
        }

        int first = item * PartsPerItem;
        for (int part = first; part < first + PartsPerItem; part++)
        {
            _values[part] = shareable is not null ? (T)shareable.Share() : value;
            BranchOf(part)!.Estimate(_values[part], _parts[part]);
        }

        // The item's own ticket stays charged with the value, so every branch gets a handle that counts for nothing.
        if (shareable is not null)
            node.Run.Ledger.DisposeItem(value);
    }

    private void GiveUp(int item, long now)
    {
        int first = item * PartsPerItem;
        for (int part = first; part < first + PartsPerItem; part++)
        {
            BranchOf(part)?.BreakPromise(1);
            node.Run.Ledger.RecycleUnsynchronized(_parts[part]);
        }

        node.MeetingPoint.Abandon(_position, item, now);
        node.Run.Ledger.FinishUnsynchronized(_tickets[item]!, ItemOutcome.Failed, now);
    }

    private void HandOn(int item, long now)
    {
        node.Items++;
        Ticket parent = _tickets[item]!;
        parent.BeginParts();
        parent.IsMakingParts = false; // all its parts are here
        parent.LiveParts = PartsPerItem;
        int first = item * PartsPerItem;
        Span<PartTicket> parts = _parts.AsSpan(first, PartsPerItem);
        foreach (PartTicket part in parts)
            node.Run.Budget.EnterBefore(part, parent);
        if (node.IsRoute)
            node.Run.Budget.MoveCharge(parent, parts[0]);
        node.MeetingPoint.Open(parent, parts, _position, item);
        for (int part = first; part < first + PartsPerItem; part++)
        {
            StageQueue<T> branch = BranchOf(part)!;
            branch.Append(_values.AsSpan(part, 1), ReadOnlySpan<Ticket?>.CastUp<PartTicket>(_parts.AsSpan(part, 1)));
            branch.Consumer.OnInputChanged(now);
        }
    }
}
