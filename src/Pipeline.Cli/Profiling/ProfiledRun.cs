namespace Pipeline.Cli;

/// <summary>What became of a run of a sweep: its report, or the photo that failed.</summary>
internal sealed record ProfiledRun
{
    /// <summary>Gets why a photo failed; null when none did.</summary>
    public string? Error { get; init; }

    /// <summary>Gets the time of the run.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Gets how many photos were done.</summary>
    public long Items { get; init; }

    /// <summary>Gets the memory budget in bytes.</summary>
    public long? MemoryBudgetBytes { get; init; }

    /// <summary>Gets the most bytes in flight.</summary>
    public long PeakInFlightBytes { get; init; }

    /// <summary>Gets how many photos were larger than the budget.</summary>
    public long ItemsOverBudget { get; init; }

    /// <summary>Gets the stages.</summary>
    public IReadOnlyList<StageReport> Stages { get; init; } = [];

    /// <summary>Gets the workers of the run.</summary>
    public int Workers { get; init; }

    /// <summary>Gets how many photos could be in flight.</summary>
    public int? MaxItemsInFlight { get; init; }

    /// <summary>Gets the source.</summary>
    public StageReport? Source { get; init; }

    /// <summary>Gets the sink.</summary>
    public StageReport? Sink { get; init; }

    /// <summary>Gets the time of garbage collection pauses.</summary>
    public TimeSpan GarbageCollectionPauses { get; init; }

    /// <summary>Gets the processor time of the process.</summary>
    public TimeSpan ProcessorTime { get; init; }

    /// <summary>Gets the processors that the process could use.</summary>
    public int Processors { get; init; }

    /// <summary>Gets the timeline.</summary>
    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];

    /// <summary>Takes what travels of a run in which no photo failed.</summary>
    public static ProfiledRun Of(RunReport report) => new()
    {
        Elapsed = report.Elapsed,
        Items = report.ItemsCompleted,
        MemoryBudgetBytes = report.MemoryBudgetBytes,
        PeakInFlightBytes = report.PeakInFlightBytes,
        ItemsOverBudget = report.ItemsOverBudget,
        Stages = report.Stages,
        Workers = report.Workers,
        MaxItemsInFlight = report.MaxItemsInFlight,
        Source = report.Source,
        Sink = report.Sink,
        GarbageCollectionPauses = report.GarbageCollectionPauses,
        ProcessorTime = report.ProcessorTime,
        Processors = report.Processors,
        Timeline = report.Timeline,
    };

    /// <summary>Makes the report again.</summary>
    public RunReport ToReport(string pipelineName) => new()
    {
        PipelineName = pipelineName,
        Outcome = RunOutcome.Completed,
        Elapsed = Elapsed,
        ItemsIn = Items,
        ItemsCompleted = Items,
        ItemsFailed = 0,
        ItemsSkipped = 0,
        ItemsUnfinished = 0,
        MemoryBudgetBytes = MemoryBudgetBytes,
        PeakInFlightBytes = PeakInFlightBytes,
        ItemsOverBudget = ItemsOverBudget,
        Stages = Stages,
        Failures = [],
        Workers = Workers,
        MaxItemsInFlight = MaxItemsInFlight,
        Source = Source,
        Sink = Sink,
        GarbageCollectionPauses = GarbageCollectionPauses,
        ProcessorTime = ProcessorTime,
        Processors = Processors,
        Timeline = Timeline,
    };
}
