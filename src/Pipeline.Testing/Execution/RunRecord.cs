namespace Pipeline.Testing;

/// <summary>One run: the schedule that it followed, in normal form, and how it ended.</summary>
internal sealed record RunRecord(Schedule Schedule, RunFailure? Failure, int Steps, bool Abandoned);
