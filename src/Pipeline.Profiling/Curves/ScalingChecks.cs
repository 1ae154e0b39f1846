namespace Pipeline.Profiling;

/// <summary>What speaks for and against the fits.</summary>
internal static class ScalingChecks
{
    private const double OutOfDoubtEfficiency = 0.97;

    public static IReadOnlyList<ProfileCheck> Of(
        ScalingSeries series, ScalingSeries fitted, SeriesPoint[] points, AmdahlFit amdahl, KarpFlatt karpFlatt, UslFit? usl, double? gain,
            bool uslPredicts, double baseline)
    {
        List<ProfileCheck> checks =
        [
            Repeats(points),
            Baseline(series, points),
            Residuals(amdahl.RelativeResiduals),
            Trend(karpFlatt),
            Law(usl, gain, uslPredicts),
        ];
        if (Retrograde(points) is { } retrograde)
            checks.Add(retrograde);
        if (points.Any(p => p.Workers >= 32 && baseline / p.Seconds > OutOfDoubtEfficiency * p.Workers))
        {
            checks.Add(new ProfileCheck("fixed-work", false, "The speed-up is almost linear at 32 or more workers. Was the work the "
                + "same in every run? If it grew with the workers, Amdahl's law does not apply; say so (--scaled)."));
        }

        double[] excluded = [.. series.Samples.Select(s => s.Workers).Where(n => n > fitted.MaxWorkers).Distinct()];
        if (excluded.Length > 0)
            checks.Add(new ProfileCheck("held-back", true, Invariant($"Not fitted: the runs with {string.Join(", ", excluded)} workers, "
                + $"above {fitted.MaxWorkers:0.##}.")));
        return checks;
    }

    private static ProfileCheck Repeats(SeriesPoint[] points)
    {
        int fewest = points.Min(p => p.Repeats);
        return fewest >= 3
            ? new ProfileCheck("repeats", true, $"At least {fewest} runs per worker count; intervals come from their scatter.")
            : new ProfileCheck("repeats", false, $"Only {Count(fewest, "run")} at some worker count; intervals come "
                + $"from the distance to the curve. Five or more repeats would measure the noise.");
    }

    private static ProfileCheck Baseline(ScalingSeries series, SeriesPoint[] points)
    {
        if (series.Measure == ScalingMeasure.SpeedUp)
            return new ProfileCheck("baseline", true, "Speed-ups are taken as measured; what they are relative to is not in the data.");
        return points[0].Workers == 1
            ? new ProfileCheck("baseline", true, "One worker was measured.")
            : new ProfileCheck("baseline", false, Invariant($"One worker was not measured; speed-ups are relative to the fitted time. "
                + $"The fewest workers measured are {points[0].Workers:0.##}."));
    }

    /// <summary>Wald and Wolfowitz's runs test on the signs of the residuals: long runs of one sign mean that the curve bends otherwise.</summary>
    private static ProfileCheck Residuals(IReadOnlyList<double> residuals)
    {
        double above = residuals.Count(r => r > 0);
        double below = residuals.Count - above;
        int runs = 1 + Enumerable.Range(1, residuals.Count - 1).Count(i => residuals[i] > 0 != residuals[i - 1] > 0);
        double n = above + below;
        double expected = (2 * above * below / n) + 1;
        double variance = (expected - 1) * (expected - 2) / (n - 1);
        bool tooFewRuns = variance > 0 && n >= 8 && (runs - expected) / Math.Sqrt(variance) < -1.645;
        return tooFewRuns
            ? new ProfileCheck("residuals", false, "The points leave Amdahl's curve in long runs on one side: something else than a "
                + "fixed serial part shapes them. Extrapolate with care.")
            : new ProfileCheck("residuals", true, "The points scatter about the curve without a pattern.");
    }

    private static ProfileCheck Trend(KarpFlatt karpFlatt)
    {
        if (karpFlatt.Points.Any(p => p.Interval.High < 0))
            return new ProfileCheck("karp-flatt", false, "The speed-up is more than linear at some worker count: the baseline was too "
                + "slow, or caches help. The serial fraction is too low.");
        if (karpFlatt.Rises)
            return new ProfileCheck("karp-flatt", false, "The serial fraction rises with the workers: an overhead grows with them "
                + "(contention, memory bandwidth, imbalance). The limit is optimistic.");
        return karpFlatt.Falls
            ? new ProfileCheck("karp-flatt", false, "The serial fraction falls with the workers: the limit is pessimistic.")
            : new ProfileCheck("karp-flatt", true, "The serial fraction does not change with the workers as far as the points show.");
    }

    private static ProfileCheck Law(UslFit? usl, double? gain, bool uslPredicts)
    {
        if (usl is null)
            return new ProfileCheck("law", true, $"Amdahl's law; the Universal Scalability Law needs {UslEstimator.FewestPoints} worker "
                + $"counts.");
        string by = Invariant($"AICc gain {gain:0.#}, {ScalingAnalyzer.ClearAiccGain:0} needed");
        return uslPredicts
            ? new ProfileCheck("law", true, $"The Universal Scalability Law is clearly better than Amdahl's ({by}).")
            : new ProfileCheck("law", true, $"Amdahl's law; the Universal Scalability Law is not clearly better ({by}, and a coherency "
                + $"whose interval excludes 0).");
    }

    private static ProfileCheck? Retrograde(SeriesPoint[] points)
    {
        SeriesPoint fastest = points.MinBy(p => p.Seconds);
        SeriesPoint last = points[^1];
        return fastest.Workers < last.Workers && last.Seconds > fastest.Seconds * 1.03
            ? new ProfileCheck("retrograde", false, Invariant($"More workers made it slower: {fastest.Workers:0.##} workers were the "
                + $"fastest, {last.Workers:0.##} took {(last.Seconds / fastest.Seconds) - 1:P0} longer. Amdahl's law cannot describe "
                + $"that."))
            : null;
    }
}
