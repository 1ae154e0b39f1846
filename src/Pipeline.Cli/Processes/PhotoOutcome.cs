using Pipeline.Imaging;

namespace Pipeline.Cli.Processes;

/// <summary>What became of a photo in a worker process.</summary>
/// <param name="Stored">The photo's outputs; null when it failed.</param>
/// <param name="FailedStage">The stage that failed it.</param>
/// <param name="Error">Why, as the exception says it.</param>
/// <param name="File">The file that the error is about.</param>
/// <param name="DiskIsFull">Whether the reason is a full disk.</param>
internal sealed record PhotoOutcome(StoredPhoto? Stored, string? FailedStage = null, string? Error = null, string? File = null, bool DiskIsFull = false);
