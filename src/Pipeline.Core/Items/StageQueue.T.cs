namespace Pipeline.Core;

/// <summary>A queue with its ring of places. Values and tickets lie in two arrays, so that both move in blocks.</summary>
internal sealed class StageQueue<T>(
    RunContext run, int capacityItems, int limitItems, IWeightEstimator<T>? estimator = null, Func<T, int>? keyHash = null)
    : StageQueue(run, capacityItems, limitItems)
{
    private T?[] _values = new T[16];
    private Ticket?[] _tickets = new Ticket[16];
    private int _gaps; // in the ring

    /// <summary>Gets a value indicating whether the consuming stage is asked about each item, which may take time.</summary>
    public bool Estimates => estimator is not null || keyHash is not null;

    public Ticket Front => _tickets[Index(Head)]!; // the ticket of the first item that is ready

    public override long Reserve(int items)
    {
        while (Tail + items - Head > _values.Length)
            Grow();
        long first = Tail;
        Tail += items;
        AssertRing();
        return first;
    }

    /// <summary>Places promised results behind all others.</summary>
    public void Append(ReadOnlySpan<T> values, ReadOnlySpan<Ticket?> tickets)
    {
        BreakPromise(values.Length);
        Place(Reserve(values.Length), values, tickets);
    }

    /// <summary>Places results at positions that were reserved for them, one after the other.</summary>
    public void Place(long position, ReadOnlySpan<T> values, ReadOnlySpan<Ticket?> tickets)
    {
        int index = Index(position);
        int first = Math.Min(values.Length, _values.Length - index);
        values[..first].CopyTo(_values.AsSpan(index)!);
        tickets[..first].CopyTo(_tickets.AsSpan(index));
        values[first..].CopyTo(_values!);
        tickets[first..].CopyTo(_tickets);
        if (ReadyEnd == position)
            ReadyEnd += values.Length;
        if (Run.Instruments.MeasuresWaits)
            Stamp(tickets, Run.Now);
        Advance();
        AssertRing();
    }

    public override void MarkGap(long position)
    {
        _tickets[Index(position)] = Ticket.Gap;
        _gaps++;
        Advance();
        AssertRing();
    }

    /// <summary>Takes items from the head on, at least one, up to the next gap or what is ready.</summary>
    /// <returns>How many were taken.</returns>
    public int Take(Span<T> values, Span<Ticket?> tickets)
    {
        int items = Math.Min(values.Length, Ready);
        if (_gaps > 0)
            items = BeforeGap(items);
        int index = Index(Head);
        int first = Math.Min(items, _values.Length - index);
        Move(index, values[..first]!, tickets[..first]);
        Move(0, values[first..items]!, tickets[first..items]);
        Head += items;
        SkipGaps();
        AssertRing();
        return items;
    }

    /// <summary>Looks at the ticket of a ready item, counted from the head.</summary>
    public Ticket Peek(int item) => _tickets[Index(Head + item)]!;

    /// <summary>Brings a ready item to the head; the others keep their order.</summary>
    public void BringForward(int item)
    {
        Ticket? ticket = _tickets[Index(Head + item)];
        T? value = _values[Index(Head + item)];
        for (long position = Head + item; position > Head; position--)
        {
            _tickets[Index(position)] = _tickets[Index(position - 1)];
            _values[Index(position)] = _values[Index(position - 1)];
        }

        _tickets[Index(Head)] = ticket;
        _values[Index(Head)] = value;
        AssertRing();
    }

    /// <summary>Brings a ready item to the head, past items that wait for memory.</summary>
    public bool TryBringForward(Ticket ticket)
    {
        for (int item = 1; item < Ready; item++)
        {
            if (Peek(item) != ticket)
                continue;
            BringForward(item);
            return true;
        }

        return false;
    }

    /// <summary>Asks the consuming stage, outside the gate, what an item will need there and which key it has.</summary>
    public void Estimate(T value, Ticket ticket)
    {
        if (estimator is null && keyHash is null)
            return;
        try
        {
            ticket.EstimateError = null;
            ticket.NeededBytes = 0;
            ticket.KeyHash = keyHash?.Invoke(value) ?? 0;
            ticket.NeededBytes = Math.Max(0, estimator?.EstimateWeightBytes(value) ?? 0);
        }
        catch (Exception error)
        {
            // The consuming stage fails the item with it, under its own failure policy.
            ticket.NeededBytes = 0;
            ticket.EstimateError = error;
        }
    }

    public override void DrainTo(ICollection<object> values)
    {
        for (long position = Head; position < Tail; position++)
        {
            int place = Index(position);
            if (_tickets[place] is not null && _tickets[place] != Ticket.Gap && _values[place] is { } value)
                values.Add(value);
        }

        Array.Clear(_values);
        Array.Clear(_tickets);
        Head = ReadyEnd = Tail;
    }

    private static void Stamp(ReadOnlySpan<Ticket?> tickets, long now)
    {
        foreach (Ticket? ticket in tickets)
            ticket!.ArrivedAt = now;
    }

    private int Index(long position) => (int)position & (_values.Length - 1);

    private void Move(int index, Span<T?> values, Span<Ticket?> tickets)
    {
        Span<T?> fromValues = _values.AsSpan(index, values.Length);
        Span<Ticket?> fromTickets = _tickets.AsSpan(index, values.Length);
        fromValues.CopyTo(values);
        fromTickets.CopyTo(tickets);
        fromTickets.Clear();
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            fromValues.Clear();
    }

    private int BeforeGap(int items)
    {
        for (int i = 1; i < items; i++)
        {
            if (_tickets[Index(Head + i)] == Ticket.Gap)
                return i;
        }

        return items;
    }

    private void Advance()
    {
        while (ReadyEnd < Tail && _tickets[Index(ReadyEnd)] is not null)
            ReadyEnd++;
        if (_gaps > 0)
            SkipGaps();
        PeakWaiting = Math.Max(PeakWaiting, Math.Min(Ready, Capacity));
    }

    private void SkipGaps()
    {
        while (_gaps > 0 && Head < ReadyEnd && _tickets[Index(Head)] == Ticket.Gap)
        {
            _tickets[Index(Head)] = null;
            _gaps--;
            Head++;
        }
    }

    private void Grow()
    {
        T?[] values = new T[_values.Length * 2];
        Ticket?[] tickets = new Ticket[values.Length];
        for (long position = Head; position < Tail; position++)
        {
            values[position & (values.Length - 1)] = _values[Index(position)];
            tickets[position & (values.Length - 1)] = _tickets[Index(position)];
        }

        _values = values;
        _tickets = tickets;
    }

    /// <summary>Fails a debug build when what is ready has no tickets, or begins with a gap.</summary>
    [Conditional("DEBUG")]
    private void AssertRing()
    {
        AssertInvariants();
        Debug.Assert(Tail - Head <= _values.Length, "No two positions share a place of the ring.");
        Debug.Assert(_gaps >= 0, "Only gaps that were marked are skipped.");
        Debug.Assert(Ready == 0 || (_tickets[Index(Head)] is { } first && first != Ticket.Gap && _tickets[Index(ReadyEnd - 1)] is not null),
            "What is ready begins with an item.");
    }
}
