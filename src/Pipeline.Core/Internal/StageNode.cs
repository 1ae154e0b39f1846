namespace Pipeline.Core.Internal;

/// <summary>A stage, or the sink when it has no output: takes one item per turn and gives one result.</summary>
/// <remarks>
/// Order: results of an ordered stage go to positions of its output that were reserved when their items entered the ordered region.
/// The region is the stage itself and the unordered stages directly before it; the first of them reserves, the last one places. So
/// an unordered stage may overtake freely inside the region, and still the region gives out in the order in which it took in.
/// </remarks>
internal sealed class StageNode<TIn, TOut>(RunEngine run, StageSettings settings, int workers, IStage<TIn, TOut> stage, Hop<TIn> input, StageOutput<TOut> output)
    : EngineNode(run, settings.Name, workers)
{
    private readonly Stack<StageWorker<TIn, TOut>> _idle = new();
    private readonly List<StageWorker<TIn, TOut>> _created = [];

    internal StageSettings Settings => settings;

    internal override StageSettings Profile => settings;

    internal IStage<TIn, TOut> Stage => stage;

    internal StageOutput<TOut> Output => output;

    internal override bool IsCounted => settings.IsCounted;

    internal override int Waiting => Math.Min(input.Ready, input.Capacity);

    internal override int PeakWaiting => input.PeakWaiting;

    internal override bool CanStart(long now)
    {
        if (Account.Running == Workers || input.Ready == 0)
            return false;
        Ticket front = input.Front;
        if (CanStart(front, out IdleReason reason))
            return true;

        // Behind an unordered stage the oldest item may stand behind items that are refused; it goes first (see MemoryBudget).
        if (output.MayOvertake && Run.Budget.Oldest is { } oldest && oldest != front && CanStart(oldest, out _) && input.TryBringForward(oldest))
            return true;
        Account.SetReason(now, reason);
        return false;
    }

    internal override NodeWorker Begin(long now)
    {
        Slot<TIn> slot = input.Take();
        Run.Budget.Reserve(slot.Ticket!);
        output.Reserve(slot.Ticket!);
        Account.BeginTurn(now, input.Ready);
        Upstream!.Account.SetReason(now, IdleReason.Admission);
        if (!_idle.TryPop(out StageWorker<TIn, TOut>? worker))
        {
            worker = new StageWorker<TIn, TOut>(this, _created.Count);
            _created.Add(worker);
        }

        worker.Start(slot, now);
        return worker;
    }

    internal void EndTurn(StageWorker<TIn, TOut> worker, in Slot<TOut> result, ItemOutcome outcome, long now)
    {
        _idle.Push(worker);
        Ticket ticket = result.Ticket!;
        if (outcome == ItemOutcome.Completed)
        {
            Items++;
            if (output.HasHop)
            {
                output.Put(result, now);
                return;
            }
        }
        else
        {
            output.PutHole(ticket, now);
        }

        Run.FinishUnsynchronized(ticket, outcome);
    }

    internal override void OnInputChanged(long now) => Account.Update(now, input.Ready);

    internal override void DrainTo(ICollection<object> values) => input.DrainTo(values);

    internal override async ValueTask DisposeWorkersAsync()
    {
        foreach (StageWorker<TIn, TOut> worker in _created)
            await worker.DisposeBodyAsync().ConfigureAwait(false);
    }

    private bool CanStart(Ticket ticket, out IdleReason reason)
    {
        if (!output.HasRoom(ticket == Run.Budget.Oldest, out reason))
            return false;
        reason = IdleReason.Admission;
        return Run.Budget.Admits(ticket);
    }
}
