namespace Pipeline.Core.Internal;

/// <summary>What the run knows about one item between source and sink. Values change from stage to stage, the ticket stays.</summary>
/// <remarks>
/// Guarded by the run's gate, except <see cref="NeededBytes"/> and <see cref="EstimateError"/>, which the worker that holds the item
/// writes before it hands the item on. Tickets are reused: after <see cref="RunEngine.FinishUnsynchronized"/> nobody may look at one.
/// </remarks>
internal abstract class Ticket
{
    /// <summary>Stands in an ordered hop where an item would be that failed or was filtered out.</summary>
    internal static readonly Ticket Hole = new HoleTicket();

    internal long Sequence;
    internal long ChargedBytes;
    internal long NeededBytes;
    internal Exception? EstimateError;
    internal long ExitPosition;
    internal bool IsOverBudget;
    internal Ticket? Older;
    internal Ticket? Younger;

    /// <summary>Gets the item as it came from the source; null when it holds resources, which a ticket must not keep alive.</summary>
    internal abstract object? Source { get; }

    /// <summary>Forgets the item, so that a ticket that waits for reuse keeps nothing alive.</summary>
    internal abstract void Clear();

    private sealed class HoleTicket : Ticket
    {
        internal override object? Source => null;

        internal override void Clear()
        {
        }
    }
}
