namespace Pipeline.Core.Internal;

/// <summary>How items enter the run and leave it.</summary>
internal sealed partial class RunEngine
{
    internal void EnterUnsynchronized(Ticket ticket)
    {
        ticket.Sequence = ItemsTaken++;
        _live++;
        Budget.Enter(ticket);
    }

    internal void FinishUnsynchronized(Ticket ticket, ItemOutcome outcome)
    {
        Budget.Leave(ticket);
        if (ticket is BatchTicket batch)
        {
            foreach (Ticket member in batch.Members)
                FinishUnsynchronized(member, outcome);
        }
        else if (ticket.Parent is { } parent)
        {
            parent.LiveParts--;
            parent.MergeOutcome(outcome);
            TryFinishSplitUnsynchronized(parent);
        }
        else
        {
            _live--;
            _outcomes[(int)outcome]++;
            if (ticket.JournalKey is { } key)
                Journal!.End(key, outcome);
            _source.Recycle(ticket);
        }
    }

    /// <summary>Finishes an item that was split, when all its parts are made and finished.</summary>
    internal void TryFinishSplitUnsynchronized(Ticket ticket)
    {
        if (!ticket.IsSplitting && ticket.LiveParts == 0)
            FinishUnsynchronized(ticket, ticket.PartsOutcome);
    }
}
