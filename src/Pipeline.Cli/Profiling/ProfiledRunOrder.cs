namespace Pipeline.Cli;

/// <summary>What a process needs to know to do one run of a sweep.</summary>
/// <param name="OutputFolder">The output folder.</param>
/// <param name="Recipe">What determines the outputs.</param>
/// <param name="Photos">The photos.</param>
/// <param name="OutputNames">Their output names, in the same order.</param>
/// <param name="Workers">The workers of the run.</param>
/// <param name="MemoryBytes">The memory budget; null for none.</param>
/// <param name="RecordTimeline">Whether the report tells when which worker worked on which photo.</param>
/// <param name="SlowDown">The stage to make slower on purpose; null for none.</param>
internal sealed record ProfiledRunOrder(
    string OutputFolder,
    PhotoRecipe Recipe,
    IReadOnlyList<PhotoSource> Photos,
    IReadOnlyList<string> OutputNames,
    int Workers,
    long? MemoryBytes,
    bool RecordTimeline,
    StageSlowDown? SlowDown);
