namespace Pipeline.Jobs;

/// <summary>How far a job is.</summary>
/// <param name="Done">Items finished, 0 or more.</param>
/// <param name="Total">Items in all; null when unknown.</param>
/// <param name="Text">What is being worked on, up to 200 characters, for example a file name; null for nothing.</param>
public sealed record JobProgress(long Done, long? Total, string? Text);
