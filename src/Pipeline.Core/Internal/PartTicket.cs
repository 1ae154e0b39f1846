namespace Pipeline.Core.Internal;

/// <summary>The ticket of one of the items that an item was split into.</summary>
internal sealed class PartTicket : Ticket
{
    internal PartTicket(Ticket parent)
    {
        Parent = parent;
        Sequence = parent.Sequence;
    }

    internal override object? Source => Parent?.Source;

    internal override void Clear()
    {
    }
}
