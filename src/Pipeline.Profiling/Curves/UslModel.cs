namespace Pipeline.Profiling;

/// <summary>The Universal Scalability Law as a predictor.</summary>
internal sealed class UslModel : IScalingModel
{
    private const int Refits = 300;
    private readonly UslFit _fit;
    private readonly double[] _scatter;
    private readonly UslFit[] _refits;

    public UslModel(IReadOnlyList<ScalingSample> samples, SeriesPoint[] points, UslFit fit)
    {
        _fit = fit;
        _scatter = Bootstrap.RelativeResiduals(points, SecondsAt, parameters: 3);
        _refits = [.. Bootstrap.Resample(samples, points, SecondsAt, parameters: 3, Refits)
            .Select(resampled => UslEstimator.Fit(
                [.. resampled.Select(p => new ScalingSample(p.Workers, p.Seconds))], UslWeighting.Relative))];
    }

    public string Name => "usl";

    public double SecondsAt(double workers) => 1 / _fit.ThroughputAt(workers);

    public double[] DrawsAt(double workers)
    {
        Random random = new((int)workers);
        return [.. _refits.Select(r => 1 / r.ThroughputAt(workers) * (1 + _scatter[random.Next(_scatter.Length)]))];
    }
}
