namespace Pipeline.Profiling;

/// <summary>Amdahl's law as a predictor.</summary>
internal sealed class AmdahlModel(AmdahlFit fit, SeriesPoint[] points) : IScalingModel
{
    private readonly double[] _scatter = Bootstrap.RelativeResiduals(points, fit.SecondsAt, parameters: 2);

    public string Name => "amdahl";

    public double SecondsAt(double workers) => fit.SecondsAt(workers);

    public double[] DrawsAt(double workers)
    {
        Random random = new((int)workers);
        return [.. fit.Refits.Select(r => (r.Serial + (r.Parallel / workers)) * (1 + _scatter[random.Next(_scatter.Length)]))];
    }
}
