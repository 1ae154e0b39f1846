namespace Pipeline.Core;

/// <summary>Branches whose results go on one by one.</summary>
/// <param name="run">The run.</param>
/// <param name="hop">The hop in front of the merging stage.</param>
/// <param name="partsPerItem">Positions that an item takes when the order is kept.</param>
/// <param name="isOrdered">True when results go on in the order in which the items were split.</param>
/// <param name="restores">True when an item has one part at most, so that its own ticket goes on instead of the part's.</param>
internal sealed class MergeMeeting(RunContext run, Hop hop, int partsPerItem, bool isOrdered, bool restores) : Meeting
{
    public override int Room(bool isHead) => isOrdered ? hop.Room / partsPerItem : int.MaxValue;

    public override long Reserve(int items) => isOrdered ? hop.Reserve(items * partsPerItem) : -1;

    public override void Open(Ticket parent, ReadOnlySpan<PartTicket> parts, long firstPosition, int item)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].Meeting = this;
            parts[i].MeetingPosition = firstPosition + (item * partsPerItem) + i;
        }
    }

    public override void Abandon(long firstPosition, int item, long now)
    {
        if (!isOrdered)
            return;
        for (int i = 0; i < partsPerItem; i++)
            hop.MarkHole(firstPosition + (item * partsPerItem) + i);
        hop.Consumer.OnInputChanged(now);
    }

    public override bool OnEnded(PartTicket part, ItemOutcome outcome, long now)
    {
        if (isOrdered)
        {
            hop.MarkHole(part.MeetingPosition);
            hop.Consumer.OnInputChanged(now);
        }

        return false;
    }

    public override void Pass(Span<Ticket?> tickets)
    {
        for (int i = 0; i < tickets.Length; i++)
        {
            if (tickets[i] is not PartTicket { Meeting: not null } part)
                continue; // a batch, or a part that a stage of the branch made
            part.Meeting = null;
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
