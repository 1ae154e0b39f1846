namespace Pipeline.Jobs.AspNetCore;

/// <summary>One page of jobs.</summary>
/// <param name="Jobs">The jobs, newest first.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null at the end.</param>
public sealed record JobListView(IReadOnlyList<JobView> Jobs, string? Next);
