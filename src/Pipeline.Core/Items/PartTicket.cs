namespace Pipeline.Core;

/// <summary>The ticket of one of the items that an item was split into.</summary>
internal sealed class PartTicket : Ticket
{
    public PartTicket(Ticket parent) => Start(parent);

    /// <summary>Where the part meets those of other branches; null when it has passed there, and for parts of a one-to-many stage.</summary>
    public MeetingPoint? MeetingPoint;

    /// <summary>Its position in the queue of the meeting point, when the order is kept there.</summary>
    public long MeetingPosition;

    /// <summary>Where its result waits for those of other branches, in a join.</summary>
    public JoinSlot? Slot;

    /// <summary>True when the run keeps it for another item when it has ended.</summary>
    public bool IsReused { get; init; }

    public override object? Source => Parent?.Source;

    public void Start(Ticket parent)
    {
        Parent = parent;
        Sequence = parent.Sequence;
    }

    public override void Clear()
    {
        Parent = null;
        MeetingPoint = null;
        Slot = null;
        EstimateError = null;
        IsOverBudget = false;
    }
}
