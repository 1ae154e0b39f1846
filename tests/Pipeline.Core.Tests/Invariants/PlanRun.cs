using System.Collections.Concurrent;

namespace Pipeline.Core.Tests.Invariants;

/// <summary>Runs a plan once and keeps what can be seen from outside.</summary>
internal abstract class PlanRun(Plan plan)
{
    private int _started;
    private int _running;
    private int _delivered;
    private int _liveWorkers;

    protected Plan Plan => plan;

    public StrongBoxOfItems Items { get; } = new();

    public List<long> Delivered { get; } = [];

    public List<int> DeliveredNumbers { get; } = [];

    /// <summary>Gets the report; null for a stream and for a run on one thread, which give none.</summary>
    public RunReport? Report { get; private protected set; }

    public PipelineStageException? Error { get; private protected set; }

    public OperationCanceledException? Cancellation { get; private protected set; }

    public CancellationToken CallerToken { get; private protected init; }

    /// <summary>Gets a value indicating whether the consumer of a stream went away before its end.</summary>
    public bool HasLeft { get; private protected set; }

    public bool IsComplete => Report is { } report
        ? report.Outcome == RunOutcome.Completed
        : Error is null && Cancellation is null && !HasLeft;

    public ConcurrentQueue<ItemFailure> DeadLetters { get; } = new();

    /// <summary>Gets what bodies saw that must not be: more of them than were allowed, keys out of order, workers after their end.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    public int Started => Volatile.Read(ref _started);

    /// <summary>Gets how many bodies had begun when the call that stopped the run had returned; null when no such call was made.</summary>
    public int? StartedAtStop { get; private set; }

    public int DeliveredAtStop { get; private set; }

    public int StartedAtEnd { get; private set; }

    public int RunningAtEnd { get; private set; }

    public int LiveWorkersAtEnd { get; private set; }

    /// <summary>Gets what the run counted in flight when it had ended.</summary>
    public long BytesAtEnd { get; private protected set; }

    public static async Task<PlanRun> ExecuteAsync(Plan plan, Action<RunOptions>? observe = null)
    {
        PlanRun run = plan.Kind switch
        {
            ItemKind.Shared => new PlanRun<Shared<TrackedItem>>(plan, static all => new SharedItems(all)),
            ItemKind.Owned => new PlanRun<TrackedItem>(plan, static all => new OwnedItems(all)),
            _ => new PlanRun<PlainItem>(plan, static all => new PlainItems(all)),
        };
        await run.ExecuteAsync(observe);
        run.RunningAtEnd = Volatile.Read(ref run._running);
        run.StartedAtEnd = run.Started;
        run.LiveWorkersAtEnd = Volatile.Read(ref run._liveWorkers);
        return run;
    }

    public void BodyBegins()
    {
        Interlocked.Increment(ref _started);
        if (Interlocked.Increment(ref _running) > plan.MostWorkers)
            Violations.Enqueue("more bodies run than the run has workers");
    }

    public void BodyEnds() => Interlocked.Decrement(ref _running);

    public void WorkerBegins() => Interlocked.Increment(ref _liveWorkers);

    public void WorkerEnds() => Interlocked.Decrement(ref _liveWorkers);

    protected abstract Task ExecuteAsync(Action<RunOptions>? observe);

    protected void NoteStop()
    {
        StartedAtStop = Started;
        DeliveredAtStop = Volatile.Read(ref _delivered);
    }

    protected void Deliver(int number, long code, TrackedItem? item)
    {
        Delivered.Add(code);
        DeliveredNumbers.Add(number);
        Interlocked.Increment(ref _delivered);
        item?.IsDelivered = true;
    }

    /// <summary>Checks what a body sees: the items themselves, whatever the run counts. A body that ends has its old and its new item for a moment.</summary>
    public void CheckBytes()
    {
        if (!plan.BoundsBytes || plan.Kind == ItemKind.Plain || plan.End == RunEnd.Synchronous)
            return;
        long live = Items.All.Where(static item => item.Disposals == 0 && !item.IsDelivered).Sum(static item => item.WeightBytes);
        if (live > plan.MostBytes + ((plan.MostWorkers + 1) * Piece.MaxWeight))
            Violations.Enqueue($"items of {live} bytes are in flight");
    }

    /// <summary>Checks what the run counts while the only item in flight is in the consumer's hands.</summary>
    protected internal void CheckCharge(long countedBytes, TrackedItem? item)
    {
        if (plan.MaxInFlight == 1 && plan.GivesOnePerItem && item is not null && countedBytes != item.WeightBytes)
            Violations.Enqueue($"the run counts {countedBytes} bytes for one item of {item.WeightBytes}");
    }

    /// <summary>Checks what the source sees: items that were made and neither disposed nor delivered are in flight.</summary>
    protected void CheckInFlight()
    {
        // The consumer of a stream has the item before it can say so; a pushed item is made before it is taken.
        if (plan.MaxInFlight is not { } most || plan.End is RunEnd.Push or RunEnd.Synchronous)
            return;
        int live = Items.All.Where(static item => item.Disposals == 0 && !item.IsDelivered)
            .Select(static item => item.Number)
            .Distinct()
            .Count();
        if (live > most + (plan.End == RunEnd.Stream ? 1 : 0))
            Violations.Enqueue($"{live} items in flight");
    }
}

internal sealed class InjectedException : Exception;
