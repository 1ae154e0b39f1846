namespace Pipeline.Jobs;

/// <summary>What a finished job leaves behind.</summary>
/// <param name="Artifact">The full name of the artifact that a download gives; null when the job made none.</param>
/// <param name="Summary">JSON text for the caller, up to 64 KiB; null for none.</param>
public sealed record JobResult(string? Artifact, string? Summary)
{
    /// <summary>Gets the result of a job that leaves nothing.</summary>
    public static JobResult None { get; } = new(null, null);
}
