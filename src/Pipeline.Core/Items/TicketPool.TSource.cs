namespace Pipeline.Core;

/// <param name="clears">True when tickets hold more than their item, so that each is cleared when it comes back.</param>
internal sealed class TicketPool<TSource>(bool clears) : TicketPool
{
    private Ticket?[] _free = new Ticket[128]; // as a stack
    private int _count;

    /// <summary>Fills places with tickets that stand for no item.</summary>
    public void Take(Span<Ticket?> tickets)
    {
        int reused = Math.Min(_count, tickets.Length);
        _count -= reused;
        _free.AsSpan(_count, reused).CopyTo(tickets);
        for (int i = reused; i < tickets.Length; i++)
            tickets[i] = new Ticket<TSource>();
    }

    public override void Recycle(ReadOnlySpan<Ticket?> tickets)
    {
        // A ticket that keeps nothing alive stays untouched until its next item: reading them all from memory would take longer than the rest of this.
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TSource>() || clears)
        {
            foreach (Ticket? ticket in tickets)
                ((Ticket<TSource>)ticket!).Clear();
        }

        if (_free.Length < _count + tickets.Length)
            Array.Resize(ref _free, Math.Max(2 * _free.Length, _count + tickets.Length));
        tickets.CopyTo(_free.AsSpan(_count));
        _count += tickets.Length;
    }
}
