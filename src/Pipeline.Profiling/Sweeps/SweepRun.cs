namespace Pipeline.Profiling;

/// <summary>One run of a sweep.</summary>
/// <param name="Workers">The run's workers.</param>
/// <param name="Report">Its report.</param>
public sealed record SweepRun(int Workers, RunReport Report);
