namespace Pipeline.Core;

/// <summary>Tickets of the source's items that wait for reuse. Guarded by the run's gate.</summary>
internal abstract class TicketPool
{
    /// <summary>Takes tickets back that no part of the run reads any more.</summary>
    public abstract void Recycle(ReadOnlySpan<Ticket?> tickets);
}
