namespace Pipeline.Core;

/// <summary>Where a node's results go and how their order is kept. Guarded by the run's gate.</summary>
/// <param name="Queue">The queue to the next node; null for the sink.</param>
/// <param name="Exit">The queue at the end of the ordered region that the node belongs to; null when no stage downstream restores the order.</param>
/// <param name="ReservesExit">True for the first node of its region.</param>
/// <param name="IsMeetingPoint">True when the exit is where branches meet: its positions were reserved when the item was split, and its gaps are made when a
/// part ends.</param>
/// <param name="MayOvertake">True when items do not arrive in the order of the source, so that taking its items out of turn changes nothing.</param>
internal sealed record StageOutput<TIn, TOut>(
    StageQueue<TOut>? Queue, StageQueue? Exit, bool ReservesExit, bool IsMeetingPoint, bool MayOvertake)
{
    private readonly bool _places = Queue is not null && Queue == Exit;

    public bool HasQueue => Queue is not null;

    /// <summary>Says how many items may be started.</summary>
    public int Room(bool isHead, bool hasPosition, out IdleReason reason)
    {
        reason = IdleReason.Room;
        int room = int.MaxValue;
        if (Queue is not null && !_places)
            room = Queue.Room + (isHead ? 1 : 0);
        if (Exit is null || room <= 0)
            return room;
        if (ReservesExit && !hasPosition)
        {
            if (Exit.Room <= 0)
                reason = Exit.Ready == 0 ? IdleReason.Ordering : IdleReason.Room;
            return Math.Min(room, Exit.Room);
        }

        // Inside a region the position is reserved already; what is ready to go on still must not outgrow the next stage's capacity.
        return _places ? Math.Min(room, Exit.Capacity - Exit.Ready) : room;
    }

    /// <summary>Takes room for items that begin now.</summary>
    /// <returns>The first of the positions of the items' results, for <see cref="Put"/>; -1 when each ticket knows its own or none has one yet.</returns>
    public long Reserve(ReadOnlySpan<Ticket?> items)
    {
        if (!_places)
            Queue?.Promise(items.Length);
        if (!ReservesExit)
            return -1;
        if (items[0]!.HasExitPosition)
        {
            items[0]!.HasExitPosition = false; // of a keyed stage, which takes items one by one
            return _places ? items[0]!.ExitPosition : -1;
        }

        long first = Exit!.Reserve(items.Length);
        if (_places)
            return first;
        for (int i = 0; i < items.Length; i++)
            items[i]!.ExitPosition = first + i;
        return -1;
    }

    /// <summary>Takes the position of an item that waits, so that those behind it may go first without changing the order.</summary>
    /// <returns>False when there is no room for it.</returns>
    public bool TryReserveBefore(Ticket ticket)
    {
        if (!ReservesExit || ticket.HasExitPosition)
            return true;
        if (Exit!.Room <= 0)
            return false;
        ticket.ExitPosition = Exit.Reserve(1);
        ticket.HasExitPosition = true;
        return true;
    }

    public void Put(ReadOnlySpan<TOut> results, ReadOnlySpan<Ticket?> tickets, long position, long now)
    {
        if (!_places)
        {
            Queue!.Append(results, tickets);
        }
        else if (position >= 0)
        {
            Queue!.Place(position, results, tickets);
        }
        else
        {
            for (int i = 0; i < results.Length; i++)
                Queue!.Place(PositionOf(tickets[i]!), results.Slice(i, 1), tickets.Slice(i, 1));
        }

        Queue!.Consumer.OnInputChanged(now);
    }

    /// <summary>Says that an item gives no result; its position is the given one, or the ticket's when that is -1.</summary>
    public void PutGap(Ticket ticket, long position, long now)
    {
        if (!_places)
            Queue?.BreakPromise(1);
        if (Exit is null || IsMeetingPoint)
            return;
        Exit.MarkGap(position >= 0 ? position : ticket.ExitPosition);
        Exit.Consumer.OnInputChanged(now);
    }

    /// <summary>Gets the position that was reserved for an item's result before it came here.</summary>
    public long PositionOf(Ticket ticket) => IsMeetingPoint ? ((PartTicket)ticket).MeetingPosition : ticket.ExitPosition;
}
