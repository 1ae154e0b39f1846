namespace Pipeline.Profiling;

/// <summary>Fits and predicts from measured points alone, and refuses where they cannot tell.</summary>
/// <remarks>
/// Amdahl's law is the default, because it extrapolated published data better than the Universal Scalability Law (median error
/// 17.5 % against 32.8 % from 4 to 24 workers); the latter predicts only when it is clearly the better description.
/// </remarks>
public static class ScalingAnalyzer
{
    /// <summary>The gain in AICc from which the Universal Scalability Law counts as clearly better.</summary>
    public const double ClearAiccGain = 6;

    private const int FewestWorkerCounts = 3;

    /// <summary>Analyzes one series.</summary>
    /// <param name="series">The measured runs.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>Fits, predictions, checks and a verdict.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range or leaves no run to fit.</exception>
    public static ScalingAnalysis Analyze(ScalingSeries series, ScalingAnalysisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        options ??= new ScalingAnalysisOptions();
        foreach (double workers in options.Predict)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers, nameof(options));
        ScalingSeries fitted = series.UpTo(
            Math.Min(options.FitUpTo ?? double.PositiveInfinity, options.PhysicalCores ?? double.PositiveInfinity));
        string? refusal = ScaledWork.RefusalOf(series, options) ?? TooFew(fitted);
        return refusal is null ? Fit(series, fitted, options) : Refuse(series, fitted, options, refusal);
    }

    private static string? TooFew(ScalingSeries fitted)
    {
        int counts = fitted.Samples.Select(s => s.Workers).Distinct().Count();
        if (counts >= FewestWorkerCounts && fitted.MaxWorkers >= 3)
            return null;
        return Invariant($"Cannot tell: {Count(counts, "worker count")} up to {fitted.MaxWorkers:0.##} cannot show a "
            + $"curve; a fit would pass through any noise. Measure at least {FewestWorkerCounts}, for example 1, 2, 4 and 8 workers, "
            + $"with the same work.");
    }

    private static ScalingAnalysis Refuse(
        ScalingSeries series, ScalingSeries fitted, ScalingAnalysisOptions options, string refusal) => new()
        {
            Series = series,
            Fitted = fitted,
            Model = "none",
            Refusal = refusal,
            Gustafson = ScaledWork.SerialShares(series, options),
            Predictions = [.. options.Predict.Select(n => Refused(n, fitted, refusal))],
            Scores = [],
            WorkersForThroughput = [],
            Checks = [new ProfileCheck("fit", false, refusal)],
            Verdict = refusal,
        };

    private static ScalingAnalysis Fit(ScalingSeries series, ScalingSeries fitted, ScalingAnalysisOptions options)
    {
        AmdahlFit amdahl = AmdahlEstimator.Fit(fitted.Samples);
        SeriesPoint[] points = SeriesPoint.Of(fitted.Samples);
        double baseline = series.Measure == ScalingMeasure.SpeedUp ? 1
            : points[0].Workers == 1 ? points[0].Seconds
            : amdahl.SecondsAt(1);
        KarpFlatt karpFlatt = KarpFlattEstimator.Estimate(fitted.Samples, baseline, amdahl.RelativeStandardError);
        bool enoughForUsl = points.Length >= UslEstimator.FewestPoints;
        UslFit? usl = enoughForUsl ? UslEstimator.Fit(fitted.Samples, UslWeighting.Relative) : null;
        double? gain = usl is null ? null : UslEstimator.FitWithoutCoherency(fitted.Samples, UslWeighting.Relative).Aicc - usl.Aicc;
        bool uslPredicts = gain >= ClearAiccGain && usl!.StandardErrors is { } errors && usl.IntervalOf(usl.Beta, errors.Beta).Low > 0;
        ScalingModel model = uslPredicts ? ScalingModel.Of(usl!, points, fitted.Samples) : ScalingModel.Of(amdahl, points);
        Predictor predictor = new(model, baseline, fitted.MaxWorkers);
        UslFit? absolute = enoughForUsl ? UslEstimator.Fit(fitted.Samples) : null;

        return new ScalingAnalysis
        {
            Series = series,
            Fitted = fitted,
            BaselineSeconds = baseline,
            Amdahl = amdahl,
            Usl = usl,
            UslAbsolute = absolute,
            KarpFlatt = karpFlatt,
            Model = model.Name,
            AiccGainOfUsl = gain is { } g && double.IsFinite(g) ? g : null,
            Predictions = [.. options.Predict.Distinct().Order().Select(predictor.At)],
            Scores = [.. SeriesPoint.Of(series.Samples.Where(s => s.Workers > fitted.MaxWorkers)).Select(
                p => new PredictionScore(predictor.At(p.Workers), baseline / p.Seconds))],
            WorkersForThroughput =
                [.. options.AtThroughput.Select(x => (x, (absolute ?? usl)?.WorkersFor(x) ?? InverseOf(amdahl, absolute, x)))],
            Checks = ScalingChecks.Of(series, fitted, points, amdahl, karpFlatt, usl, gain, uslPredicts, baseline),
            Verdict = ScalingVerdict.Of(amdahl, uslPredicts ? usl : null, predictor, options.Predict),
        };
    }

    /// <summary>Amdahl's inverse, where there are too few points for the Universal Scalability Law.</summary>
    private static double? InverseOf(AmdahlFit amdahl, UslFit? usl, double throughput)
    {
        double seconds = 1 / throughput;
        return usl is not null || seconds <= amdahl.SerialSeconds ? null : amdahl.ParallelSeconds / (seconds - amdahl.SerialSeconds);
    }

    private static ScalingPrediction Refused(double workers, ScalingSeries fitted, string reason) => new()
    {
        Workers = workers,
        ExtrapolationRatio = workers / fitted.MaxWorkers,
        Method = "refused",
        Reason = reason,
    };
}
