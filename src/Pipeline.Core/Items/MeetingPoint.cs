namespace Pipeline.Core;

/// <summary>The place where the branches of a split meet again: the queue in front of the merging or joining stage. Guarded by the run's gate.</summary>
/// <remarks>Room is taken there before an item is split, so what comes out of a branch always has a place to go. When the input order is kept, that room is
/// reserved positions; a part that ends inside its branch leaves a gap.</remarks>
internal abstract class MeetingPoint
{
    /// <summary>Says how many items may be split now.</summary>
    public abstract int Room(bool isHead);

    /// <summary>Takes room for the parts of items that will be split.</summary>
    /// <returns>The first of their positions; -1 without an order.</returns>
    public abstract long Reserve(int items);

    /// <summary>Prepares the parts of one item, after they entered the budget and before they enter their branches.</summary>
    /// <param name="item">Which of the reserved items it is.</param>
    public abstract void Open(Ticket parent, ReadOnlySpan<PartTicket> parts, long firstPosition, int item);

    /// <summary>Gives up the room of an item that was not split after all.</summary>
    public abstract void Abandon(long firstPosition, int item, long now);

    /// <summary>Notes that a part ended inside its branch.</summary>
    /// <returns>True when the parts' item is finished by its other parts or by the meeting point; false when the caller counts it.</returns>
    public abstract bool OnEnded(PartTicket part, ItemOutcome outcome, long now);

    /// <summary>Turns the tickets that the consumer takes into those that go on.</summary>
    public abstract void Pass(Span<Ticket?> tickets);

    /// <summary>Moves what waits for its counterparts to a list when the run is over.</summary>
    public virtual void DrainTo(ICollection<object> values)
    {
    }
}
