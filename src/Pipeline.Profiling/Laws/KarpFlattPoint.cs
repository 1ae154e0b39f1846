namespace Pipeline.Profiling;

/// <summary>The serial fraction that one worker count shows by itself.</summary>
/// <param name="Workers">The worker count, more than 1.</param>
/// <param name="Value">Karp and Flatt's <c>e(N) = (1/S - 1/N) / (1 - 1/N)</c>; negative where the speed-up is more than linear.</param>
/// <param name="Interval">Its interval, from the repeats or from the scatter about the fit.</param>
public sealed record KarpFlattPoint(double Workers, double Value, ConfidenceInterval Interval);
