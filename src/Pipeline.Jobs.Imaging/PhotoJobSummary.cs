namespace Pipeline.Jobs.Imaging;

/// <summary>What a photo job says about its result.</summary>
/// <param name="Photos">Photos of which outputs were made.</param>
/// <param name="Failures">Photos that failed, and why.</param>
/// <param name="Thumbnails">The narrowest output of each photo, up to 12.</param>
public sealed record PhotoJobSummary(int Photos, IReadOnlyList<string> Failures, IReadOnlyList<string> Thumbnails);
