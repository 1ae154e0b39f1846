namespace Pipeline.BugFinding;

/// <summary>Whether and when a tool met a bug.</summary>
internal sealed record Finding(bool Found, long Runs, double Seconds);
