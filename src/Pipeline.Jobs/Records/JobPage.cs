namespace Pipeline.Jobs;

/// <summary>Some jobs of a tenant.</summary>
/// <param name="Jobs">The jobs, newest first.</param>
/// <param name="Next">What to ask for the next page with; null at the end.</param>
public sealed record JobPage(IReadOnlyList<Job> Jobs, string? Next);
