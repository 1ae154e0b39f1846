namespace Pipeline.Core;

/// <summary>One turn of a worker.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Worker">The worker's index in the stage, from 0.</param>
/// <param name="SequenceNumber">The item's number at the source, from 0.</param>
/// <param name="Start">When the turn began, from the start of the run.</param>
/// <param name="End">When it ended, from the start of the run.</param>
public sealed record TimelineEntry(string Stage, int Worker, long SequenceNumber, TimeSpan Start, TimeSpan End);
