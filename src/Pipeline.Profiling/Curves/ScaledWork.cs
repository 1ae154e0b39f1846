namespace Pipeline.Profiling;

/// <summary>Recognizes measurements in which the work grew with the workers, to which Amdahl's law does not apply.</summary>
internal static class ScaledWork
{
    private const double SameWork = 1.05;

    public static string? RefusalOf(ScalingSeries series, ScalingAnalysisOptions options)
    {
        string? sign = SignOf(series, options);
        return sign is null
            ? null
            : $"Amdahl's law is refused: {sign}. It describes the same work at every worker count; fitted to scaled work it would call "
                + $"the serial share of the parallel run a share of the run at one worker "
              + "and report a limit many times too low. Gustafson's law applies instead; for a limit, measure the same work at every "
              + "worker count.";
    }

    public static IReadOnlyList<(double Workers, double SerialShare)> SerialShares(ScalingSeries series, ScalingAnalysisOptions options)
    {
        if (SignOf(series, options) is null)
            return [];
        if (series.Measure is ScalingMeasure.ScaledSpeedUp or ScalingMeasure.SpeedUp)
            return [.. series.Samples.Where(s => s.Workers > 1).Select(
                s => (s.Workers, GustafsonLaw.SerialShareOfParallelRun(1 / s.Seconds, s.Workers)))];

        // With items told, the scaled speed-up is the ratio of the rates.
        SeriesPoint[] rates = SeriesPoint.Of(
            series.Samples.Where(s => s.Items is not null).Select(s => new ScalingSample(s.Workers, s.Seconds / s.Items!.Value)));
        return rates.Length == 0 || rates[0].Workers != 1
            ? []
            : [.. rates.Skip(1).Select(p => (p.Workers, GustafsonLaw.SerialShareOfParallelRun(rates[0].Seconds / p.Seconds, p.Workers)))];
    }

    private static string? SignOf(ScalingSeries series, ScalingAnalysisOptions options)
    {
        if (series.Measure == ScalingMeasure.ScaledSpeedUp)
            return "these are scaled speed-ups (Gustafson), measured with work that grew with the workers";
        if (options.IsScaledWork)
            return "the work was said to grow with the workers";
        double[] items = [.. series.Samples.Where(s => s.Items is not null).Select(s => s.Items!.Value)];
        if (series.Measure == ScalingMeasure.Seconds && items.Length > 1 && items.Max() > items.Min() * SameWork)
            return Invariant($"the items of the runs differ, from {items.Min():0.##} to {items.Max():0.##}");
        return null;
    }
}
