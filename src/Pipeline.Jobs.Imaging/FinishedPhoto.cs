namespace Pipeline.Jobs.Imaging;

/// <summary>A photo that a job is through with.</summary>
/// <param name="Input">The artifact it came from.</param>
/// <param name="Outputs">What was made of it; empty when it failed.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record FinishedPhoto(string Input, IReadOnlyList<PhotoJobOutput> Outputs, string? Error);
