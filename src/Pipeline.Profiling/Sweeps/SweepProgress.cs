namespace Pipeline.Profiling;

/// <summary>Where a sweep stands.</summary>
/// <param name="RunsDone">Runs that are over, warm-up included.</param>
/// <param name="Runs">Runs in all.</param>
/// <param name="Workers">The workers of the run that starts now; 0 at the end.</param>
/// <param name="EstimatedTimeLeft">Time to the end, from the runs so far; null before the first.</param>
public sealed record SweepProgress(int RunsDone, int Runs, int Workers, TimeSpan? EstimatedTimeLeft);
