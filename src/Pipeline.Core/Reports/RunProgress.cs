namespace Pipeline.Core;

/// <summary>A cumulative snapshot of a run.</summary>
/// <param name="SequenceNumber">Rises by one with each snapshot of a run; an older one that arrives late can be dropped.</param>
/// <param name="Elapsed">Time since the start.</param>
/// <param name="ItemsIn">Items taken from the source.</param>
/// <param name="ItemsCompleted">Items that reached the end.</param>
/// <param name="ItemsFailed">Items that failed.</param>
/// <param name="ItemsSkipped">Items filtered out.</param>
/// <param name="ItemsExpected">Items the source will give; null when unknown.</param>
/// <param name="ItemsPerSecond">Completed items per second since the start.</param>
/// <param name="EstimatedTimeLeft">Time to the end at that rate; null when unknown.</param>
/// <param name="InFlightBytes">Bytes that the items in flight are charged with.</param>
/// <param name="Stages">The stages in order.</param>
public sealed record RunProgress(
    long SequenceNumber,
    TimeSpan Elapsed,
    long ItemsIn,
    long ItemsCompleted,
    long ItemsFailed,
    long ItemsSkipped,
    long? ItemsExpected,
    double ItemsPerSecond,
    TimeSpan? EstimatedTimeLeft,
    long InFlightBytes,
    IReadOnlyList<StageProgress> Stages);
