namespace Pipeline.Profiling;

/// <summary>Computes Karp and Flatt's serial fraction with intervals.</summary>
public static class KarpFlattEstimator
{
    /// <summary>Estimates e(N) of each worker count above 1.</summary>
    /// <param name="samples">Runs of the same work.</param>
    /// <param name="baselineSeconds">The time at one worker, more than 0: measured where one worker was run, else fitted.</param>
    /// <param name="relativeScatter">The relative standard error of one point, 0 or more; used where a worker count has fewer than three repeats.</param>
    /// <param name="level">The level of the intervals, 0.5 to 0.999.</param>
    /// <returns>The points and their trend.</returns>
    public static KarpFlatt Estimate(
        IReadOnlyList<ScalingSample> samples, double baselineSeconds, double relativeScatter, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baselineSeconds);
        SeriesPoint[] points = [.. SeriesPoint.Of(samples).Where(p => p.Workers > 1)];
        double[] baseline = [.. samples.Where(s => s.Workers == 1).Select(s => s.Seconds)];
        KarpFlattPoint[] fractions =
            [.. points.Select(
                p => PointOf(
                    p, [.. samples.Where(s => s.Workers == p.Workers).Select(s => s.Seconds)], baseline, baselineSeconds, relativeScatter,
                        level))];
        (double slope, ConfidenceInterval interval) = Trend(fractions, level);
        return new KarpFlatt { Points = fractions, Slope = slope, SlopeInterval = interval };
    }

    private static KarpFlattPoint PointOf(
        SeriesPoint point, double[] repeats, double[] baseline, double baselineSeconds, double scatter, double level)
    {
        double value = KarpFlatt.FractionOf(baselineSeconds / point.Seconds, point.Workers);
        if (repeats.Length >= 3 && baseline.Length >= 3)
        {
            Random random = new((int)point.Workers);
            double[] draws = new double[AmdahlEstimator.Refits];
            for (int i = 0; i < draws.Length; i++)
            {
                double one = Quantile.Median(baseline.Select(_ => baseline[random.Next(baseline.Length)]));
                double many = Quantile.Median(repeats.Select(_ => repeats[random.Next(repeats.Length)]));
                draws[i] = KarpFlatt.FractionOf(one / many, point.Workers);
            }

            return new KarpFlattPoint(point.Workers, value, Quantile.Central(draws, level));
        }

        // Two independent times, each with this relative scatter: d(1/S) = (1/S) * sqrt(2) * scatter.
        double deviation = Math.Sqrt(2) * scatter * (point.Seconds / baselineSeconds) / (1 - (1 / point.Workers));
        double half = StudentT.TwoSidedFactor(level, 30) * deviation;
        return new KarpFlattPoint(point.Workers, value, new ConfidenceInterval(value - half, value + half, level));
    }

    private static (double Slope, ConfidenceInterval Interval) Trend(KarpFlattPoint[] points, double level)
    {
        if (points.Length < 3)
            return (0, new ConfidenceInterval(double.NegativeInfinity, double.PositiveInfinity, level));
        double meanX = points.Average(p => p.Workers);
        double meanY = points.Average(p => p.Value);
        double sxx = points.Sum(p => (p.Workers - meanX) * (p.Workers - meanX));
        double slope = points.Sum(p => (p.Workers - meanX) * (p.Value - meanY)) / sxx;
        double rest = points.Sum(p => Math.Pow(p.Value - meanY - (slope * (p.Workers - meanX)), 2));
        double half = StudentT.TwoSidedFactor(level, points.Length - 2) * Math.Sqrt(rest / (points.Length - 2) / sxx);
        return (slope, new ConfidenceInterval(slope - half, slope + half, level));
    }
}
