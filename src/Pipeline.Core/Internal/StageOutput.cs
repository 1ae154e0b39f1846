namespace Pipeline.Core.Internal;

/// <summary>Where a node's results go and how their order is kept. Guarded by the run's gate.</summary>
/// <param name="Hop">The hop to the next node; null for the sink.</param>
/// <param name="Exit">The hop at the end of the ordered region that the node belongs to; null when no stage downstream restores the order.</param>
/// <param name="ReservesExit">True for the first node of its region.</param>
/// <param name="MayOvertake">True when the node before is unordered, so that taking its items out of turn changes nothing.</param>
internal sealed record StageOutput<T>(Hop<T>? Hop, Hop? Exit, bool ReservesExit, bool MayOvertake)
{
    private readonly bool _places = Hop is not null && Hop == Exit;

    internal bool HasHop => Hop is not null;

    internal bool HasRoom(bool isOldest, out IdleReason reason)
    {
        reason = IdleReason.Room;
        if (Hop is not null && !_places && Hop.Room + (isOldest ? 1 : 0) <= 0)
            return false;
        if (Exit is null)
            return true;
        if (ReservesExit && Exit.Room <= 0)
        {
            reason = Exit.Ready == 0 ? IdleReason.Ordering : IdleReason.Room;
            return false;
        }

        // Inside a region the position is reserved already; what is ready to go on still must not outgrow the next stage's capacity.
        return !_places || ReservesExit || Exit.Ready < Exit.Capacity;
    }

    internal void Reserve(Ticket ticket)
    {
        if (ReservesExit)
            ticket.ExitPosition = Exit!.Reserve();
        if (!_places)
            Hop?.Promise(1);
    }

    internal void Put(in Slot<T> result, long now)
    {
        if (_places)
            Hop!.Place(result.Ticket!.ExitPosition, result);
        else
            Hop!.Append(result);
        Hop.Consumer.OnInputChanged(now);
    }

    internal void PutHole(Ticket ticket, long now)
    {
        if (!_places)
            Hop?.BreakPromise();
        if (Exit is null)
            return;
        Exit.MarkHole(ticket.ExitPosition);
        Exit.Consumer.OnInputChanged(now);
    }
}
