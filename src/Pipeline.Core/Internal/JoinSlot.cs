namespace Pipeline.Core.Internal;

/// <summary>The results of one item that wait for each other. Owns them until the joining function has taken them over.</summary>
/// <remarks>Guarded by the run's gate until it is complete; then the joining stage has it to itself.</remarks>
internal abstract class JoinSlot : IAsyncDisposable
{
    internal Ticket Parent { get; private set; } = null!;

    internal long Position { get; private set; }

    /// <summary>Gets or sets how many branches have not ended yet.</summary>
    internal int Missing { get; set; }

    /// <summary>Gets what becomes of the item when a branch gave no result for it; null when all did.</summary>
    internal ItemOutcome? Broken { get; private set; }

    internal List<PartTicket> Arrived { get; } = [];

    public abstract ValueTask DisposeAsync();

    internal void Open(Ticket parent, long position, int branches) => (Parent, Position, Missing) = (parent, position, branches);

    /// <summary>Notes that a branch gives no result: a failure weighs more than an item that was left out on purpose.</summary>
    internal void Break(ItemOutcome outcome)
    {
        if (Broken is null || (Broken == ItemOutcome.Skipped && outcome != ItemOutcome.Skipped))
            Broken = outcome;
    }

    private protected static ValueTask DisposeAsync(object? value)
    {
        if (value is IAsyncDisposable asynchronous)
            return asynchronous.DisposeAsync();
        (value as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
