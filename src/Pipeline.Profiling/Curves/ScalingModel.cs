namespace Pipeline.Profiling;

/// <summary>A fitted curve as a predictor.</summary>
/// <param name="Name">The name of its law.</param>
/// <param name="SecondsAt">The time at a worker count.</param>
/// <param name="DrawsAt">Times at a worker count that the refits and the scatter of the points allow.</param>
internal sealed record ScalingModel(string Name, Func<double, double> SecondsAt, Func<double, double[]> DrawsAt)
{
    private const int UslRefits = 300;

    public static ScalingModel Of(AmdahlFit fit, SeriesPoint[] points)
    {
        double[] scatter = Bootstrap.RelativeResiduals(points, fit.SecondsAt, parameters: 2);
        return new ScalingModel("amdahl", fit.SecondsAt, n => Draws(fit.Refits.Select(r => r.Serial + (r.Parallel / n)), scatter, n));
    }

    public static ScalingModel Of(UslFit fit, SeriesPoint[] points, IReadOnlyList<ScalingSample> samples)
    {
        Func<double, double> secondsAt = n => 1 / fit.ThroughputAt(n);
        double[] scatter = Bootstrap.RelativeResiduals(points, secondsAt, parameters: 3);
        UslFit[] refits = [.. Bootstrap.Resample(samples, points, secondsAt, parameters: 3, UslRefits).Select(Refit)];
        return new ScalingModel("usl", secondsAt, n => Draws(refits.Select(r => 1 / r.ThroughputAt(n)), scatter, n));
    }

    private static UslFit Refit(SeriesPoint[] points) =>
        UslEstimator.Fit([.. points.Select(p => new ScalingSample(p.Workers, p.Seconds))], UslWeighting.Relative);

    private static double[] Draws(IEnumerable<double> seconds, double[] scatter, double workers)
    {
        Random random = new((int)workers);
        return [.. seconds.Select(s => s * (1 + scatter[random.Next(scatter.Length)]))];
    }
}
