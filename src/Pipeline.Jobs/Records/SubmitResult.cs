namespace Pipeline.Jobs;

/// <summary>The answer to a submission.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="Job">The job; null when nothing was stored.</param>
public sealed record SubmitResult(SubmitOutcome Outcome, Job? Job);
