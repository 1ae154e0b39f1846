namespace Pipeline.Cli;

/// <summary>What a process needs to know to do one run of a sweep.</summary>
/// <param name="Job">The options of the photo job; its path and output name say nothing.</param>
/// <param name="Paths">The photos.</param>
/// <param name="OutputNames">Their output names, in the same order.</param>
/// <param name="Workers">The workers of the run.</param>
/// <param name="MemoryBytes">The memory budget; null for none.</param>
/// <param name="RecordTimeline">Whether the report tells when which worker worked on which photo.</param>
/// <param name="SlowDown">The stage to make slower on purpose; null for none.</param>
internal sealed record ProfiledRunOrder(
    PhotoOrder Job, IReadOnlyList<string> Paths, IReadOnlyList<string> OutputNames, int Workers, long? MemoryBytes, bool RecordTimeline, StageSlowDown? SlowDown)
{
    /// <summary>Gets the settings of the run.</summary>
    public PhotoJobSettings ToSettings() => Job.ToSettings() with { Workers = Workers, MemoryBytes = MemoryBytes, StopOnFailure = true };
}
