namespace Pipeline.Cli;

/// <summary>What became of a photo in a worker process.</summary>
/// <param name="Stored">The photo's outputs; null when it failed.</param>
/// <param name="FailedStage">The stage that failed it.</param>
/// <param name="Error">Why, in one line.</param>
/// <param name="StopReason">Why no further photo makes sense, as the watch in the worker found: a full disk, a circular wait. Null when the others can go
/// on.</param>
internal sealed record PhotoOutcome(StoredPhoto? Stored, string? FailedStage = null, string? Error = null, string? StopReason = null);
