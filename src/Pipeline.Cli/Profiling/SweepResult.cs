namespace Pipeline.Cli;

/// <summary>What a sweep over photos found.</summary>
/// <param name="Report">The profile.</param>
/// <param name="WithTimeline">The last run with the most workers, with its timeline when one was asked for.</param>
internal sealed record SweepResult(ProfileReport Report, RunReport? WithTimeline);
