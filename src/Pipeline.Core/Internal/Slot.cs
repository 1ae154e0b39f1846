namespace Pipeline.Core.Internal;

/// <summary>One place of a hop: a value with the ticket of the item that it belongs to.</summary>
internal struct Slot<T>(T value, Ticket ticket)
{
    public T Value = value;
    public Ticket? Ticket = ticket;
}
