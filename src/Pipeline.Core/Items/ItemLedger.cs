namespace Pipeline.Core;

/// <summary>The books of a run about its items: how many it took, which are in flight, what became of each, and what was told of those that failed.</summary>
/// <remarks>Locking rule: everything is guarded by the run's gate. <see cref="Fail"/>, <see cref="CountRetry"/> and <see cref="DisposeItem"/> take it
/// themselves and call user code outside it.</remarks>
internal sealed class ItemLedger(RunContext run)
{
    private readonly List<Task> _disposals = []; // asynchronous disposals under way
    private readonly long[] _outcomes = new long[4]; // by ItemOutcome
    private TicketPool _pool = null!; // written once before start
    private bool _makesOtherTickets; // written once before start: a node makes tickets of its own, for parts or batches
    private Ticket? _freeParts; // part tickets for reuse, linked by Younger
    private Ticket? _delivered; // what the consumer of a stream works on, while there is a journal

    public long Live; // items taken and not finished
    public long ItemsTaken; // and the number of the next item. The source's turn, the only writer, reads it without the gate

    public List<ItemFailure> Failures { get; } = []; // the items that failed, up to the most that the report lists
    public bool HasDelivered => _delivered is not null; // whether a stream's consumer works on an item that ends when it comes back

    /// <summary>Gets how many more items the source may give.</summary>
    public int RoomForItems => run.IsDraining ? 0 : run.Settings.MaxItemsInFlight is { } most ? (int)(most - Live) : int.MaxValue;

    /// <summary>Gets how many items ended in a way.</summary>
    public long Count(ItemOutcome outcome) => _outcomes[(int)outcome];

    /// <summary>Gets each item's share of the workers that have none. Called from any thread.</summary>
    public int SpareWorkersPerItem()
    {
        long live = Volatile.Read(ref Live);
        return live == 0 ? 0 : (int)Math.Max(0, (run.Settings.Workers - live) / live);
    }

    public void Prepare(TicketPool pool, bool makesOtherTickets)
    {
        _pool = pool;
        _makesOtherTickets = makesOtherTickets;
    }

    /// <summary>Numbers items that the source gave and takes them in.</summary>
    public void EnterUnsynchronized(ReadOnlySpan<Ticket?> tickets)
    {
        run.AssertGate();
        long number = ItemsTaken;
        foreach (Ticket? ticket in tickets)
        {
            ticket!.Sequence = number++;
            run.Budget.Enter(ticket);
        }

        ItemsTaken = number;
        Live += tickets.Length;
    }

    /// <summary>Ends an item, a part or a batch. Its ticket may be reused at once, so the caller no longer reads it.</summary>
    public void FinishUnsynchronized(Ticket ticket, ItemOutcome outcome, long now)
    {
        run.AssertGate();
        run.Budget.Leave(ticket);
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
            Live--;
            _outcomes[(int)outcome]++;
            if (ticket.JournalKey is { } key)
                run.Journal!.End(key, outcome);
            _pool.Recycle(new ReadOnlySpan<Ticket?>(in ticket!));
        }
    }

    /// <summary>Ends items that reached the end.</summary>
    public void CompleteUnsynchronized(ReadOnlySpan<Ticket?> tickets, long now)
    {
        run.AssertGate();
        if (!_makesOtherTickets && run.Journal is null && run.Budget is { LimitBytes: null, InFlightBytes: 0 })
        {
            EndPlainUnsynchronized(tickets);
            return;
        }

        int plain = 0; // those behind each other that need nothing but an end
        bool hasBudget = run.Budget.LimitBytes is not null;
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

    /// <summary>Ends an item that was split, when all its parts are made and ended.</summary>
    public void TryFinishWholeUnsynchronized(Ticket ticket, long now)
    {
        run.AssertGate();
        if (!ticket.IsMakingParts && ticket.LiveParts == 0)
            FinishUnsynchronized(ticket, ticket.PartsOutcome, now);
    }

    /// <summary>Ends an item that the consumer of a stream took: at once, or with a journal when the consumer comes back, because only then it is done with
    /// it.</summary>
    public void DeliverUnsynchronized(Ticket? ticket)
    {
        run.AssertGate();
        Ticket? done = run.Journal is null ? ticket : _delivered;
        if (run.Journal is not null)
            _delivered = ticket;
        if (done is not null && !run.IsOver)
            FinishUnsynchronized(done, ItemOutcome.Completed, run.StampUnsynchronized());
    }

    public PartTicket TakePartUnsynchronized(Ticket parent)
    {
        run.AssertGate();
        if (_freeParts is not PartTicket part)
            return new PartTicket(parent) { IsReused = true };
        _freeParts = part.Younger;
        part.Younger = null;
        part.Start(parent);
        return part;
    }

    /// <summary>Takes back the ticket of a part that no part of the run reads any more.</summary>
    public void RecycleUnsynchronized(PartTicket part)
    {
        run.AssertGate();
        if (!part.IsReused)
            return;
        part.Clear();
        part.Younger = _freeParts;
        _freeParts = part;
    }

    public void CountRetry(FlowNode node)
    {
        lock (run.Gate)
            node.Retries++;
    }

    /// <summary>Notes an item that failed for good, or every item of a batch that did, and stops the run when the stage's policy says so.</summary>
    public void Fail(FlowNode node, FailurePolicy policy, Ticket ticket, object? item, int attempts, Exception error)
    {
        bool stops;
        List<ItemFailure> failures = [];
        lock (run.Gate)
        {
            AddFailures(failures, node.Name, ticket, attempts, error);
            node.Failures++;
            Failures.AddRange(failures.Take((run.Settings.MaxReportedFailures ?? int.MaxValue) - Failures.Count));
            long judged = node.Items + node.LeftOut + node.Failures;
            stops = policy.StopsRun
                || node.Failures > policy.MaxFailures
                || (judged >= 20 && node.Failures > policy.MaxFailureRate * judged);
        }

        Exception? refused = null;
        foreach (ItemFailure failure in failures)
        {
            try
            {
                run.Settings.DeadLetter?.Invoke(failure);
            }
            catch (Exception exception)
            {
                refused ??= exception; // the others are told all the same
            }
        }

        if (stops)
            run.Stop(new PipelineStageException(node.Name, ticket.Sequence, item, attempts, error));
        else if (refused is not null)
            run.Stop(new PipelineStageException("dead letter", ticket.Sequence, item, attempt: 1, refused));
    }

    /// <summary>Disposes an item that is not delivered. Never throws: the run goes on or ends for a better reason.</summary>
    public void DisposeItem(object? item)
    {
        try
        {
            if (item is IDisposable disposable)
            {
                disposable.Dispose();
            }
            else if (item is IAsyncDisposable asynchronous)
            {
                Task disposal = asynchronous.DisposeAsync().AsTask();
                if (!disposal.IsCompletedSuccessfully)
                {
                    lock (run.Gate)
                        _disposals.Add(disposal);
                }
            }
        }
        catch (Exception)
        {
            // An item that fails to dispose cannot be helped, and hiding the run's own outcome would be worse.
        }
    }

    /// <summary>Waits for disposals that are under way. Called when no body runs any more.</summary>
    public async Task EndDisposalsAsync()
    {
        foreach (Task disposal in _disposals)
            await disposal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Lists every item that is lost with the ticket: the members of a batch, also when the first part fails that the batch was split into.</summary>
    private static void AddFailures(List<ItemFailure> failures, string stage, Ticket ticket, int attempts, Exception error)
    {
        Ticket whole = ticket;
        while (whole is not BatchTicket && whole.Parent is { } parent)
            whole = parent;
        if (whole is not BatchTicket { IsToldLost: false } batch)
        {
            failures.Add(new ItemFailure(stage, ticket.Sequence, ticket.Source, attempts, error));
            return;
        }

        batch.IsToldLost = true;
        foreach (Ticket member in batch.Members)
            AddFailures(failures, stage, member, attempts, error);
    }

    private void FinishPartUnsynchronized(PartTicket part, ItemOutcome outcome, long now)
    {
        run.AssertGate();
        if (part.MeetingPoint is { } meetingPoint && meetingPoint.OnEnded(part, outcome, now))
            return;
        Ticket parent = part.Parent!;
        RecycleUnsynchronized(part);
        parent.LiveParts--;
        parent.MergeOutcome(outcome);
        TryFinishWholeUnsynchronized(parent, now);
    }

    private void EndPlainUnsynchronized(ReadOnlySpan<Ticket?> tickets)
    {
        run.AssertGate();
        if (tickets.IsEmpty)
            return;
        Live -= tickets.Length;
        _outcomes[(int)ItemOutcome.Completed] += tickets.Length;
        _pool.Recycle(tickets);
    }
}
