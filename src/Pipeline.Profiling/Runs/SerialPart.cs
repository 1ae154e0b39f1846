namespace Pipeline.Profiling;

/// <summary>A part of a run that only one worker could do at a time, or that stopped all of them.</summary>
/// <param name="Name">The stage or section, or <c>source</c>, <c>sink</c>, <c>garbage collection</c>.</param>
/// <param name="Kind">Distribution, collection, section or garbage collection.</param>
/// <param name="Seconds">The time in it.</param>
/// <param name="Share">That time as a share of all work of the run, this part included.</param>
public sealed record SerialPart(string Name, CauseKind Kind, double Seconds, double Share);
