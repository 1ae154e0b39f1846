namespace Pipeline.Core;

/// <summary>How items enter the run and leave it.</summary>
internal sealed partial class RunEngine
{
    private bool _hasOtherTickets; // written once before start: a node makes tickets of its own, for parts or batches
    private Ticket? _freeParts; // guarded by _gate: part tickets for reuse, linked by Younger

    public void EnterUnsynchronized(ReadOnlySpan<Ticket?> tickets)
    {
        long number = ItemsTaken;
        foreach (Ticket? ticket in tickets)
        {
            ticket!.Sequence = number++;
            Budget.Enter(ticket);
        }

        ItemsTaken = number;
        _live += tickets.Length;
    }

    public void FinishUnsynchronized(Ticket ticket, ItemOutcome outcome, long now)
    {
        Budget.Leave(ticket);
        if (ticket is BatchTicket batch)
        {
            foreach (Ticket member in batch.Members)
                FinishUnsynchronized(member, outcome, now);
        }
        else if (ticket is PartTicket part)
        {
            FinishPartUnsynchronized(part, outcome, now);
        }
        else
        {
            _live--;
            _outcomes[(int)outcome]++;
            if (ticket.JournalKey is { } key)
                Journal!.End(key, outcome);
            _source.Recycle(new ReadOnlySpan<Ticket?>(in ticket!));
        }
    }

    /// <summary>Finishes items that reached the end.</summary>
    public void CompleteUnsynchronized(ReadOnlySpan<Ticket?> tickets, long now)
    {
        if (!_hasOtherTickets && Journal is null && Budget is { LimitBytes: null, InFlightBytes: 0 })
        {
            EndPlainUnsynchronized(tickets);
            return;
        }

        int plain = 0; // those behind each other that need nothing but an end
        bool hasBudget = Budget.LimitBytes is not null;
        for (int i = 0; i < tickets.Length; i++)
        {
            Ticket ticket = tickets[i]!;
            if (!hasBudget && ticket.ChargedBytes == 0 && ticket.JournalKey is null && ticket is not (PartTicket or BatchTicket))
            {
                plain++;
                continue;
            }

            EndPlainUnsynchronized(tickets.Slice(i - plain, plain));
            plain = 0;
            FinishUnsynchronized(ticket, ItemOutcome.Completed, now);
        }

        EndPlainUnsynchronized(tickets[^plain..]);
    }

    /// <summary>Finishes an item that was split, when all its parts are made and finished.</summary>
    public void TryFinishSplitUnsynchronized(Ticket ticket, long now)
    {
        if (!ticket.IsSplitting && ticket.LiveParts == 0)
            FinishUnsynchronized(ticket, ticket.PartsOutcome, now);
    }

    public PartTicket TakePartUnsynchronized(Ticket parent)
    {
        if (_freeParts is not PartTicket part)
            return new PartTicket(parent) { IsReused = true };
        _freeParts = part.Younger;
        part.Younger = null;
        part.Start(parent);
        return part;
    }

    /// <summary>Takes back the ticket of a part that nobody looks at any more.</summary>
    public void RecycleUnsynchronized(PartTicket part)
    {
        if (!part.IsReused)
            return;
        part.Clear();
        part.Younger = _freeParts;
        _freeParts = part;
    }

    private void FinishPartUnsynchronized(PartTicket part, ItemOutcome outcome, long now)
    {
        if (part.Meeting is { } meeting && meeting.OnEnded(part, outcome, now))
            return;
        Ticket parent = part.Parent!;
        RecycleUnsynchronized(part);
        parent.LiveParts--;
        parent.MergeOutcome(outcome);
        TryFinishSplitUnsynchronized(parent, now);
    }

    private void EndPlainUnsynchronized(ReadOnlySpan<Ticket?> tickets)
    {
        if (tickets.IsEmpty)
            return;
        _live -= tickets.Length;
        _outcomes[(int)ItemOutcome.Completed] += tickets.Length;
        _source.Recycle(tickets);
    }
}
