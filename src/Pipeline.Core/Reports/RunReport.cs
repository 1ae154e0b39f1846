namespace Pipeline.Core;

/// <summary>What a run did. <c>ItemsIn = ItemsCompleted + ItemsFailed + ItemsSkipped + ItemsUnfinished</c>, always.</summary>
public sealed record RunReport
{
    /// <summary>Gets what keeping the accounts of a run costs for one item in one stage, measured on this machine when it is first asked for.</summary>
    /// <value>Seconds, about 1e-7; above 0. The first call takes about a millisecond.</value>
    public static double AccountingSecondsPerTurn => AccountingCost.SecondsPerTurn;

    /// <summary>Gets the pipeline's name.</summary>
    public required string PipelineName { get; init; }

    /// <summary>Gets how the run ended.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>Gets the time from start to end.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets how many items were taken from the source.</summary>
    public required long ItemsIn { get; init; }

    /// <summary>Gets how many reached the end.</summary>
    public required long ItemsCompleted { get; init; }

    /// <summary>Gets how many failed.</summary>
    public required long ItemsFailed { get; init; }

    /// <summary>Gets how many were filtered out on purpose.</summary>
    public required long ItemsSkipped { get; init; }

    /// <summary>Gets how many had been taken but were not finished when the run stopped.</summary>
    public required long ItemsUnfinished { get; init; }

    /// <summary>Gets how many items of the source were passed over because the run's journal had them as finished. They are not in <see
    /// cref="ItemsIn"/>.</summary>
    public long ItemsResumed { get; init; }

    /// <summary>Gets the budget of the run.</summary>
    /// <value>Bytes; null for none.</value>
    public required long? MemoryBudgetBytes { get; init; }

    /// <summary>Gets the most bytes that items in flight were charged with.</summary>
    public required long PeakInFlightBytes { get; init; }

    /// <summary>Gets how many items were larger than the budget and ran alone.</summary>
    public required long ItemsOverBudget { get; init; }

    /// <summary>Gets the stages in order.</summary>
    public required IReadOnlyList<StageReport> Stages { get; init; }

    /// <summary>Gets the items that failed, in the order in which they failed.</summary>
    /// <value>All of them, or the first <see cref="RunOptions.MaxReportedFailures"/>. A batch that failed is listed with each of its items, and a part with the
    /// item that it came from; <see cref="ItemsFailed"/> counts items.</value>
    public required IReadOnlyList<ItemFailure> Failures { get; init; }

    /// <summary>Gets how many stage bodies could run at once.</summary>
    /// <value><see cref="RunOptions.Workers"/>; 0 when unknown.</value>
    public int Workers { get; init; }

    /// <summary>Gets what the calibration of workers decided: first for the run, then for each stage.</summary>
    /// <value>Empty unless <see cref="RunOptions.WorkerTuning"/> was set and the run was long enough.</value>
    public IReadOnlyList<WorkerDecision> WorkerDecisions { get; init; } = [];

    /// <summary>Gets how many items could be between source and sink.</summary>
    /// <value>Null when only the capacities limited it.</value>
    public int? MaxItemsInFlight { get; init; }

    /// <summary>Gets the source in the form of a stage with one worker: busy is the time inside the user's enumerator.</summary>
    /// <value>Null when it was not measured.</value>
    public StageReport? Source { get; init; }

    /// <summary>Gets the sink in the form of a stage with one worker.</summary>
    /// <value>Null for a run without one.</value>
    public StageReport? Sink { get; init; }

    /// <summary>Gets the time for which garbage collections stopped the process during the run.</summary>
    public TimeSpan GarbageCollectionPauses { get; init; }

    /// <summary>Gets the processor time of the process during the run.</summary>
    /// <value>Zero when the platform does not tell. It includes everything else that the process did.</value>
    public TimeSpan ProcessorTime { get; init; }

    /// <summary>Gets the logical processors that the process could use.</summary>
    /// <value>0 when unknown.</value>
    public int Processors { get; init; }

    /// <summary>Gets a value indicating whether the times of the stages were measured.</summary>
    /// <value>False after a run with <see cref="RunOptions.KeepAccounts"/> unset; all times but <see cref="Elapsed"/> are zero then.</value>
    public bool HasAccounts { get; init; } = true;

    /// <summary>Gets when which worker worked on which item.</summary>
    /// <value>Empty unless <see cref="RunOptions.RecordTimeline"/> was set.</value>
    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];
}
