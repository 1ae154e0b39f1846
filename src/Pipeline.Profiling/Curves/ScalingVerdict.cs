namespace Pipeline.Profiling;

/// <summary>The sentence that says first what the points mean.</summary>
internal static class ScalingVerdict
{
    public static string Of(AmdahlFit amdahl, UslFit? usl, Predictor predictor, IReadOnlyList<double> predict)
    {
        string limit = usl is null
            ? Invariant($"Serial fraction {amdahl.SerialFraction:0.####} [{amdahl.SerialFractionInterval.Low:0.####}, "
                + $"{amdahl.SerialFractionInterval.High:0.####}], so at most {LimitText(amdahl)}")
            : Invariant($"Throughput peaks at {usl.PeakWorkers:0.#} workers: contention {usl.Alpha:0.####}, coherency "
                + $"{usl.Beta:0.######} (Universal Scalability Law, clearly better than Amdahl's)");
        IEnumerable<string> predictions = predict.Distinct().Order().Select(predictor.At).Select(p => p.SpeedUp is { } s && p.Band is { } b
            ? Invariant($"{p.Workers:0.##} workers: {s:0.##}x [{b.Low:0.##}, {b.High:0.##}]")
            : Invariant($"{p.Workers:0.##} workers: refused, run {ExtrapolationBand.RunThatWouldTell(p.Workers)} workers as well"));
        return string.Join("; ", [limit, .. predictions]) + ".";
    }

    private static string LimitText(AmdahlFit fit)
    {
        ConfidenceInterval interval = fit.LimitInterval;
        if (double.IsInfinity(fit.Limit))
            return double.IsInfinity(interval.Low) ? "no limit seen" : Invariant($"no limit seen; at least {interval.Low:0.#}x");
        string high = double.IsInfinity(interval.High) ? "no limit seen" : Invariant($"{interval.High:0.#}");
        return Invariant($"{fit.Limit:0.#}x [{interval.Low:0.#}, {high}]");
    }
}
