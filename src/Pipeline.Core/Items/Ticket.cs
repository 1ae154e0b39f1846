namespace Pipeline.Core;

/// <summary>What the run knows about one item between source and sink. Values change from stage to stage, the ticket stays.</summary>
/// <remarks>Guarded by the run's gate, except that a turn of the source has those that it took for itself, and <see cref="NeededBytes"/> and <see
/// cref="EstimateError"/>, which the worker that holds the item writes before it hands the item on. Tickets are reused: after <see
/// cref="ItemLedger.FinishUnsynchronized"/> no part of the run reads one.</remarks>
[DebuggerDisplay("{GetType().Name,nq} {Sequence}: {ChargedBytes} bytes, {LiveParts} parts")]
internal abstract class Ticket
{
    /// <summary>Stands in an ordered queue where an item would be that failed or was filtered out.</summary>
    public static readonly Ticket Gap = new GapTicket();

    public long Sequence;
    public long ChargedBytes;
    public long NeededBytes;
    public Exception? EstimateError;
    public long ExitPosition;
    public bool HasExitPosition; // it waits in front of the stage that reserves, and was passed over by a later one
    public bool IsOverBudget;
    public int KeyHash;
    public string? JournalKey; // of an item of the source, when the run has a journal
    public long ArrivedAt; // in front of the stage, in time stamps; only written while waits are measured, 0 before

    // A ticket that was split into several (one-to-many, broadcast) lives until its parts are finished.
    public Ticket? Parent;
    public int LiveParts;
    public bool IsMakingParts;
    public ItemOutcome PartsOutcome;

    // Its place in the budget's list, by age.
    public bool IsListed;
    public Ticket? Older;
    public Ticket? Younger;

    /// <summary>Gets the item as it came from the source; null when it holds resources, which a ticket must not keep alive.</summary>
    public abstract object? Source { get; }

    /// <summary>Begins to split the item: it stays in flight until the split is over and its last part has ended.</summary>
    public void BeginParts()
    {
        IsMakingParts = true;
        LiveParts = 0;
        PartsOutcome = ItemOutcome.Skipped; // of no parts at all
    }

    /// <summary>Notes how a part ended: one failure fails the whole, one completed part completes it.</summary>
    public void MergeOutcome(ItemOutcome outcome)
    {
        if (Severity(outcome) > Severity(PartsOutcome))
            PartsOutcome = outcome;
    }

    /// <summary>Forgets the item, so that a ticket that waits for reuse keeps nothing alive.</summary>
    public abstract void Clear();

    private static int Severity(ItemOutcome outcome) => outcome switch
    {
        ItemOutcome.Skipped => 0,
        ItemOutcome.Completed => 1,
        ItemOutcome.Failed => 2,
        _ => 3,
    };

    private sealed class GapTicket : Ticket
    {
        public override object? Source => null;

        public override void Clear()
        {
        }
    }
}
