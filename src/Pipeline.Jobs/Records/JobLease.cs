namespace Pipeline.Jobs;

/// <summary>The right to work on one job, until it runs out.</summary>
/// <param name="Job">The job as it was when the lease was drawn, with its checkpoint.</param>
/// <param name="Token">The fencing token: drawn at random for this lease, named in every write, worth nothing once another is drawn.</param>
/// <param name="Duration">How long the lease lasts from every report of progress.</param>
/// <param name="Receipt">What a queue needs to recognize its message; null for none.</param>
public sealed record JobLease(Job Job, Guid Token, TimeSpan Duration, string? Receipt = null);
