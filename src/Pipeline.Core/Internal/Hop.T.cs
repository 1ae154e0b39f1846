namespace Pipeline.Core.Internal;

internal sealed class Hop<T>(int capacityItems, int limitItems, IWeightEstimator<T>? estimator) : Hop(capacityItems, limitItems)
{
    private Slot<T>[] _slots = new Slot<T>[16];

    internal Ticket Front => _slots[Head & (_slots.Length - 1)].Ticket!;

    internal override long Reserve()
    {
        if (Tail - Head == _slots.Length)
            Grow();
        return Tail++;
    }

    /// <summary>Places a promised result behind all others.</summary>
    internal void Append(in Slot<T> slot)
    {
        BreakPromise();
        Place(Reserve(), slot);
    }

    /// <summary>Places a result at its reserved position.</summary>
    internal void Place(long position, in Slot<T> slot)
    {
        _slots[position & (_slots.Length - 1)] = slot;
        Advance();
    }

    internal override void MarkHole(long position)
    {
        _slots[position & (_slots.Length - 1)].Ticket = Ticket.Hole;
        Advance();
    }

    /// <summary>Takes the item at the head; there must be one ready.</summary>
    internal Slot<T> Take()
    {
        ref Slot<T> place = ref _slots[Head & (_slots.Length - 1)];
        Slot<T> slot = place;
        place = default;
        Head++;
        SkipHoles();
        return slot;
    }

    /// <summary>Brings a ready item to the head, past items that wait for memory.</summary>
    internal bool TryBringForward(Ticket ticket)
    {
        for (long position = Head + 1; position < ReadyEnd; position++)
        {
            ref Slot<T> place = ref _slots[position & (_slots.Length - 1)];
            if (place.Ticket != ticket)
                continue;
            ref Slot<T> front = ref _slots[Head & (_slots.Length - 1)];
            (front, place) = (place, front);
            return true;
        }

        return false;
    }

    /// <summary>Asks the consuming stage, outside the gate, what an item will need there.</summary>
    internal void Estimate(T value, Ticket ticket)
    {
        if (estimator is null)
        {
            ticket.NeededBytes = 0;
            return;
        }

        try
        {
            ticket.NeededBytes = Math.Max(0, estimator.EstimateWeightBytes(value));
        }
        catch (Exception error)
        {
            // The consuming stage fails the item with it, under its own failure policy.
            ticket.NeededBytes = 0;
            ticket.EstimateError = error;
        }
    }

    internal override void DrainTo(ICollection<object> values)
    {
        for (long position = Head; position < Tail; position++)
        {
            ref Slot<T> place = ref _slots[position & (_slots.Length - 1)];
            if (place.Ticket is not null && place.Ticket != Ticket.Hole && place.Value is { } value)
                values.Add(value);
            place = default;
        }

        Head = ReadyEnd = Tail;
    }

    private void Advance()
    {
        while (ReadyEnd < Tail && _slots[ReadyEnd & (_slots.Length - 1)].Ticket is not null)
            ReadyEnd++;
        SkipHoles();
        PeakWaiting = Math.Max(PeakWaiting, Math.Min(Ready, Capacity));
    }

    private void SkipHoles()
    {
        while (Head < ReadyEnd && _slots[Head & (_slots.Length - 1)].Ticket == Ticket.Hole)
        {
            _slots[Head & (_slots.Length - 1)].Ticket = null;
            Head++;
        }
    }

    private void Grow()
    {
        Slot<T>[] larger = new Slot<T>[_slots.Length * 2];
        for (long position = Head; position < Tail; position++)
            larger[position & (larger.Length - 1)] = _slots[position & (_slots.Length - 1)];
        _slots = larger;
    }
}
