namespace Pipeline.Profiling;

/// <summary>The median of the repeats at one worker count.</summary>
/// <remarks>Medians, not means: with 5 % outliers a bootstrap of means covers the truth too seldom.</remarks>
internal readonly record struct SeriesPoint(double Workers, double Seconds, int Repeats)
{
    public static SeriesPoint[] Of(IEnumerable<ScalingSample> samples) =>
        [.. samples.GroupBy(s => s.Workers).OrderBy(g => g.Key).Select(
            g => new SeriesPoint(g.Key, Quantile.Median(g.Select(s => s.Seconds)), g.Count()))];
}
