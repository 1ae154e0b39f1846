namespace Pipeline.Processes.Benchmarks;

/// <summary>The round trips of one connection: its first calls, and later.</summary>
internal readonly record struct CallTimes(Summary First, Summary Steady);
