namespace Pipeline.Core;

/// <summary>The results of one item that wait for each other. Owns them until the joining function has taken them over.</summary>
/// <remarks>Guarded by the run's gate until it is complete; then the joining stage has it to itself.</remarks>
internal abstract class JoinSlot : IAsyncDisposable
{
    public Ticket Parent { get; private set; } = null!;
    public long Position { get; private set; }
    public int Missing { get; set; } // how many branches have not ended yet
    public ItemOutcome? Broken { get; private set; } // what becomes of the item when a branch gave no result for it; null when all did
    public List<PartTicket> Arrived { get; } = [];

    public abstract ValueTask DisposeAsync();

    public void Open(Ticket parent, long position, int branches) => (Parent, Position, Missing) = (parent, position, branches);

    /// <summary>Notes that a branch gives no result: a failure weighs more than an item that was left out on purpose.</summary>
    public void Break(ItemOutcome outcome)
    {
        if (Broken is null || (Broken == ItemOutcome.Skipped && outcome != ItemOutcome.Skipped))
            Broken = outcome;
    }

    /// <summary>Disposes a result. Never throws: one that fails to dispose cannot be helped, and the others must be disposed all the same.</summary>
    private protected static async ValueTask DisposeAsync(object? value)
    {
        try
        {
            await Disposal.DisposeAsync(value).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The item has ended for another reason already.
        }
    }
}
