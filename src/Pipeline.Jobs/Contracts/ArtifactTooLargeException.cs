namespace Pipeline.Jobs;

/// <summary>An artifact is longer than it may be. Nothing of it was kept.</summary>
/// <param name="maxBytes">The greatest length allowed.</param>
public sealed class ArtifactTooLargeException(long maxBytes)
    : Exception($"The artifact is longer than {maxBytes:N0} bytes, which is the most that is allowed here. Send less, or raise the limit.")
{
    /// <summary>Gets the greatest length that was allowed.</summary>
    public long MaxBytes { get; } = maxBytes;
}
