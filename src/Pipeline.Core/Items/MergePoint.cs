namespace Pipeline.Core;

/// <summary>Branches whose results go on one by one.</summary>
/// <param name="run">The run.</param>
/// <param name="queue">The queue in front of the merging stage.</param>
/// <param name="partsPerItem">Positions that an item takes when the order is kept.</param>
/// <param name="isOrdered">True when results go on in the order in which the items were split.</param>
/// <param name="restores">True when an item has one part at most, so that its own ticket goes on instead of the part's.</param>
internal sealed class MergePoint(RunContext run, StageQueue queue, int partsPerItem, bool isOrdered, bool restores) : MeetingPoint
{
    public override int Room(bool isHead) => isOrdered ? queue.Room / partsPerItem : int.MaxValue;
    public override long Reserve(int items) => isOrdered ? queue.Reserve(items * partsPerItem) : -1;

    public override void Open(Ticket parent, ReadOnlySpan<PartTicket> parts, long firstPosition, int item)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].MeetingPoint = this;
            parts[i].MeetingPosition = firstPosition + (item * partsPerItem) + i;
        }
    }

    public override void Abandon(long firstPosition, int item, long now)
    {
        if (!isOrdered)
            return;
        for (int i = 0; i < partsPerItem; i++)
            queue.MarkGap(firstPosition + (item * partsPerItem) + i);
        queue.Consumer.OnInputChanged(now);
    }

    public override bool OnEnded(PartTicket part, ItemOutcome outcome, long now)
    {
        if (isOrdered)
        {
            queue.MarkGap(part.MeetingPosition);
            queue.Consumer.OnInputChanged(now);
        }

        return false;
    }

    public override void Pass(Span<Ticket?> tickets)
    {
        for (int i = 0; i < tickets.Length; i++)
        {
            if (tickets[i] is not PartTicket { MeetingPoint: not null } part)
                continue; // a batch, or a part that a stage of the branch made
            part.MeetingPoint = null; // behind this point it ends like any item
            if (restores)
                tickets[i] = Restore(part);
        }
    }

    private Ticket Restore(PartTicket part)
    {
        Ticket parent = part.Parent!;
        long charge = part.ChargedBytes;
        parent.IsOverBudget |= part.IsOverBudget;
        run.Budget.Leave(part);
        run.Budget.Charge(parent, charge);
        run.Ledger.RecycleUnsynchronized(part);
        return parent;
    }
}
