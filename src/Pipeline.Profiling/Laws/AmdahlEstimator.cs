namespace Pipeline.Profiling;

/// <summary>Fits Amdahl's law by weighted non-negative least squares.</summary>
/// <remarks>
/// Weights are one over the squared time (a constant relative error), times the repeats. The interval of the serial fraction is the percentile bootstrap: by
/// resampling the repeats of each worker count where each has at least three, else by resampling the relative residuals.
/// </remarks>
public static class AmdahlEstimator
{
    /// <summary>The bootstrap refits behind each interval.</summary>
    public const int Refits = 1000;

    /// <summary>Fits measured runs.</summary>
    /// <param name="samples">Runs of the same work at 2 or more worker counts.</param>
    /// <param name="level">The level of the interval, 0.5 to 0.999.</param>
    /// <returns>The fit. The same samples give the same interval: the bootstrap's seed is fixed.</returns>
    /// <exception cref="ArgumentException">There are fewer than two worker counts.</exception>
    public static AmdahlFit Fit(IReadOnlyList<ScalingSample> samples, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (!(level is >= 0.5 and <= 0.999))
            throw new ArgumentOutOfRangeException(nameof(level), level, "The level must be 0.5 to 0.999.");
        SeriesPoint[] points = SeriesPoint.Of(samples);
        if (points.Length < 2)
            throw new ArgumentException("Amdahl's law has two unknowns; runs at one worker count cannot give them. Measure a second "
                + "worker count.", nameof(samples));

        (double serial, double parallel) = Solve(points);
        double[] residuals = [.. points.Select(p => (p.Seconds / (serial + (parallel / p.Workers))) - 1)];
        (double Serial, double Parallel)[] refits =
            [.. Bootstrap.Resample(samples, points, n => serial + (parallel / n), parameters: 2, Refits).Select(Solve)];
        double[] fractions = [.. refits.Select(r => r.Serial / (r.Serial + r.Parallel))];
        return new AmdahlFit
        {
            SerialSeconds = serial,
            ParallelSeconds = parallel,
            SerialFractionInterval = Quantile.Central(fractions, level),
            RelativeStandardError = Math.Sqrt(residuals.Sum(r => r * r) / Math.Max(1, points.Length - 2)),
            RelativeResiduals = residuals,
            Refits = refits,
        };
    }

    private static (double Serial, double Parallel) Solve(SeriesPoint[] points)
    {
        double sw = 0, sx = 0, sxx = 0, sy = 0, sxy = 0;
        foreach (SeriesPoint point in points)
        {
            double weight = point.Repeats / (point.Seconds * point.Seconds);
            double x = 1 / point.Workers;
            sw += weight;
            sx += weight * x;
            sxx += weight * x * x;
            sy += weight * point.Seconds;
            sxy += weight * x * point.Seconds;
        }

        double determinant = (sw * sxx) - (sx * sx);
        double parallel = ((sw * sxy) - (sx * sy)) / determinant;
        double serial = (sy - (parallel * sx)) / sw;

        // The sum of squares is convex, so when the free minimum is outside, the bounded one lies on the violated bound.
        if (serial < 0)
            return (0, sxy / sxx);
        if (parallel < 0)
            return (sy / sw, 0);
        return (serial, parallel);
    }
}
