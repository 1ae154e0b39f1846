namespace Pipeline.Core;

/// <summary>Branches whose results of one item are put together: each result waits in the item's slot until all are there.</summary>
/// <remarks>Results are matched by their item, so the branches may overtake each other and inside themselves. A waiting part is no older than its counterparts
/// that still work, because the oldest item is always admitted and they are what the run waits for.</remarks>
internal sealed class JoinPoint(RunContext run, StageQueue<JoinSlot> queue, int branches, bool isOrdered, Func<JoinSlot> createSlot)
    : MeetingPoint
{
    private readonly HashSet<JoinSlot> _open = [];

    public override int Room(bool isHead) => queue.Room + (isHead && !isOrdered ? 1 : 0);

    public override long Reserve(int items)
    {
        if (isOrdered)
            return queue.Reserve(items);
        queue.Promise(items);
        return -1;
    }

    public override void Open(Ticket parent, ReadOnlySpan<PartTicket> parts, long firstPosition, int item)
    {
        JoinSlot slot = createSlot();
        slot.Open(parent, firstPosition + item, branches);
        _open.Add(slot);
        foreach (PartTicket part in parts)
        {
            part.MeetingPoint = this;
            part.Slot = slot;
        }
    }

    public override void Abandon(long firstPosition, int item, long now)
    {
        if (!isOrdered)
        {
            queue.BreakPromise(1);
            return;
        }

        queue.MarkGap(firstPosition + item);
        queue.Consumer.OnInputChanged(now);
    }

    /// <summary>Takes in a part whose result is in the slot.</summary>
    public void OnArrived(PartTicket part, long now)
    {
        run.Budget.MoveBefore(part, part.Parent!); // younger than the parts that still work, which the run waits for
        part.Slot!.Arrived.Add(part);
        Settle(part.Slot, now);
    }

    public override bool OnEnded(PartTicket part, ItemOutcome outcome, long now)
    {
        JoinSlot slot = part.Slot!;
        slot.Break(outcome);
        run.Ledger.RecycleUnsynchronized(part);
        Settle(slot, now);
        return true;
    }

    public override void Pass(Span<Ticket?> tickets)
    {
    }

    public override void DrainTo(ICollection<object> values)
    {
        foreach (JoinSlot slot in _open)
            values.Add(slot);
        _open.Clear();
    }

    private void Settle(JoinSlot slot, long now)
    {
        if (--slot.Missing > 0)
            return;

        // All branches have ended for the item: its parts' charges become the item's own, and the slot goes on like a result.
        _open.Remove(slot);
        long charge = 0;
        foreach (PartTicket part in slot.Arrived)
        {
            charge += part.ChargedBytes;
            run.Budget.Leave(part);
            run.Ledger.RecycleUnsynchronized(part);
        }

        slot.Arrived.Clear();
        run.Budget.Charge(slot.Parent, slot.Parent.ChargedBytes + charge); // what was broadcast may be among the results
        if (isOrdered)
            queue.Place(slot.Position, [slot], [slot.Parent]);
        else
            queue.Append([slot], [slot.Parent]);
        queue.Consumer.OnInputChanged(now);
    }
}
