namespace Pipeline.Profiling;

/// <summary>Resampled versions of measured points.</summary>
internal static class Bootstrap
{
    private const int Seed = 20_261_122;

    /// <summary>Gives resampled points: stratified by worker count where the repeats allow, else by relative residuals of a fit.</summary>
    public static IEnumerable<SeriesPoint[]> Resample(
        IReadOnlyList<ScalingSample> samples, SeriesPoint[] points, Func<double, double> fitted, int parameters, int count)
    {
        Random random = new(Seed);
        double[][] strata = [.. samples.GroupBy(s => s.Workers).OrderBy(g => g.Key).Select(g => g.Select(s => s.Seconds).ToArray())];
        bool stratified = strata.All(s => s.Length >= 3);
        double[] residuals = RelativeResiduals(points, fitted, parameters);
        for (int i = 0; i < count; i++)
        {
            SeriesPoint[] resampled = new SeriesPoint[points.Length];
            for (int k = 0; k < points.Length; k++)
            {
                double seconds = stratified
                    ? Quantile.Median(strata[k].Select(_ => strata[k][random.Next(strata[k].Length)]))
                    : fitted(points[k].Workers) * (1 + residuals[random.Next(residuals.Length)]);
                resampled[k] = points[k] with { Seconds = seconds };
            }

            yield return resampled;
        }
    }

    /// <summary>Residuals relative to the fit, widened for the degrees of freedom that the fit used up and bounded so that no time gets negative.</summary>
    public static double[] RelativeResiduals(SeriesPoint[] points, Func<double, double> fitted, int parameters)
    {
        double widen = Math.Sqrt(points.Length / (double)Math.Max(1, points.Length - parameters));
        return [.. points.Select(p => Math.Clamp(((p.Seconds / fitted(p.Workers)) - 1) * widen, -0.9, 9))];
    }
}
