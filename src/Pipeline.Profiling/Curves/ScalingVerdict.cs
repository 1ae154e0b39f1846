using System.Globalization;

namespace Pipeline.Profiling;

/// <summary>The sentence that says first what the points mean.</summary>
internal static class ScalingVerdict
{
    public static string Of(AmdahlFit amdahl, UslFit? usl, Predictor predictor, IReadOnlyList<double> predict)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string limit = usl is null
            ? string.Create(culture, $"Serial fraction {amdahl.SerialFraction:0.####} [{amdahl.SerialFractionInterval.Low:0.####}, {amdahl.SerialFractionInterval.High:0.####}], so at most {LimitText(amdahl)}")
            : string.Create(culture, $"Throughput peaks at {usl.PeakWorkers:0.#} workers: contention {usl.Alpha:0.####}, coherency {usl.Beta:0.######} (Universal Scalability Law, clearly better than Amdahl's)");
        IEnumerable<string> predictions = predict.Distinct().Order().Select(predictor.At).Select(p => p.SpeedUp is { } s && p.Band is { } b
            ? string.Create(culture, $"{p.Workers:0.##} workers: {s:0.##}x [{b.Low:0.##}, {b.High:0.##}]")
            : string.Create(culture, $"{p.Workers:0.##} workers: refused, run {ExtrapolationBand.RunThatWouldTell(p.Workers)} workers as well"));
        return string.Join("; ", [limit, .. predictions]) + ".";
    }

    private static string LimitText(AmdahlFit fit)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        ConfidenceInterval interval = fit.LimitInterval;
        if (double.IsInfinity(fit.Limit))
            return double.IsInfinity(interval.Low) ? "no limit seen" : string.Create(culture, $"no limit seen; at least {interval.Low:0.#}x");
        string high = double.IsInfinity(interval.High) ? "no limit seen" : string.Create(culture, $"{interval.High:0.#}");
        return string.Create(culture, $"{fit.Limit:0.#}x [{interval.Low:0.#}, {high}]");
    }
}
