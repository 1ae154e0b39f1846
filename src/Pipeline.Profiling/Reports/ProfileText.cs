namespace Pipeline.Profiling;

/// <summary>Writes a profile as about ten lines of text, the verdict first.</summary>
public static class ProfileText
{
    private const int NamedChanges = 4;

    /// <summary>Limits beyond are told as this: a serial part of a thousandth is not measured to its digits.</summary>
    private const double MostTimes = 1000;

    /// <summary>Writes the report.</summary>
    /// <param name="writer">Where to write; it is not disposed.</param>
    /// <param name="report">The report.</param>
    public static void Write(TextWriter writer, ProfileReport report)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(report);
        foreach (string line in Lines(report))
            writer.Write(line + "\n");
    }

    internal static IEnumerable<string> Lines(ProfileReport report)
    {
        yield return Headline(report);
        yield return $"Limit now: {report.Verdict}";
        if (report.Run is { } run)
        {
            yield return SerialLine(run);
        }

        foreach (ScalingPrediction prediction in report.Predictions.Where(p => report.Curve?.Refusal is null || report.Run is not null))
            yield return PredictionLine(prediction);
        if (report.Curve is { } curve)
        {
            foreach (string line in CurveLines(curve, isAlone: report.Run is null))
                yield return line;
        }

        if (report.Run is { } measured)
            yield return "Do this: " + string.Join("; ", Changes(measured));
        foreach (SlowDownResult result in report.SlowDowns)
            yield return "Tested: " + result.Sentence;
        foreach (string line in report.Comparison?.Lines() ?? [])
            yield return line;
        foreach (string line in CheckLines(report.Checks))
            yield return line;
    }

    private static string Headline(ProfileReport report)
    {
        if (report.Run is not { } run)
        {
            ScalingSeries series = report.Curve!.Series;
            return Invariant($"{report.Name}  {series.Samples.Count} points, {series.Samples[0].Workers:0.##} to "
                + $"{series.MaxWorkers:0.##} workers");
        }

        string stages = string.Join('|', run.Report.Stages.Select(s => s.Name));
        string processors = report.Context is { } context ? $" on {Count(context.Processors, "processor")}" : "";
        return Invariant($"{report.Name}  {stages}  {Count(run.Report.ItemsIn, "item")}  "
            + $"{Count(run.Report.Workers, "worker")}{processors}  {run.Report.Elapsed.TotalSeconds:0.##} s  {run.SpeedUp:0.##}x over "
            + $"one item and one stage at a time (same items)");
    }

    private static string SerialLine(RunAnalysis run)
    {
        string parts = run.SerialParts.Count == 0
            ? "no serial part was measured"
            : string.Join(" + ", run.SerialParts.Where(p => p.Share >= 0.0005).Take(4).Select(p => $"{p.Name} {Percent(p.Share)}"));
        if (parts.Length == 0)
            parts = "below 0.1 %";
        return $"Serial part of all work: {parts}.  Without overlap at most {Times(run.Limits.NoOverlap)}; as a pipeline at most "
            + $"{Times(run.Limits.Pipeline)}";
    }

    private static string PredictionLine(ScalingPrediction prediction)
    {
        string workers = Invariant($"{prediction.Workers:0.##} workers: ");
        return prediction.SpeedUp is { } speedUp && prediction.Band is { } band
            ? workers + Invariant($"{speedUp:0.##}x [{band.Low:0.##}, {band.High:0.##}]  {prediction.Method}, {prediction.Reason}")
            : workers + prediction.Reason;
    }

    private static IEnumerable<string> CurveLines(ScalingAnalysis curve, bool isAlone)
    {
        if (curve.Refusal is { } refusal)
        {
            if (!isAlone)
                yield return "Curve: " + refusal;
            foreach ((double workers, double share) in curve.Gustafson)
                yield return Invariant($"Gustafson: at {workers:0.##} workers {share:P2} of the parallel run was serial");
            yield break;
        }

        AmdahlFit amdahl = curve.Amdahl!;
        yield return Invariant($"Curve: Amdahl serial fraction {amdahl.SerialFraction:0.####} "
            + $"[{amdahl.SerialFractionInterval.Low:0.####}, {amdahl.SerialFractionInterval.High:0.####}], limit {Times(amdahl.Limit)} "
            + $"[{Times(amdahl.LimitInterval.Low)}, {Times(amdahl.LimitInterval.High)}], points {amdahl.RelativeStandardError:P1} off "
            + $"the curve");
        if (curve.KarpFlatt is { Points.Count: > 0 } karpFlatt)
        {
            yield return "Karp-Flatt: "
                + string.Join("  ", karpFlatt.Points.Take(8).Select(p => Invariant($"e({p.Workers:0.##}) {p.Value:0.###}")));
        }

        if (curve.UslAbsolute is { } usl)
        {
            string errors = usl.StandardErrors is { } se
                ? Invariant($" (se {se.Alpha:0.######}, {se.Beta:0.########}, {se.Gamma:0.######})")
                : "";
            string peak = double.IsInfinity(usl.PeakWorkers)
                ? "no peak"
                : Invariant($"peak {usl.PeakThroughput:0.###} at {usl.PeakWorkers:0.##} workers");
            yield return Invariant(
                $"USL: alpha {usl.Alpha:0.########}, beta {usl.Beta:0.##########}, gamma {usl.Gamma:0.#######}{errors}; {peak}");
        }

        foreach (PredictionScore score in curve.Scores)
        {
            yield return score.RelativeError is { } error
                ? Invariant($"Held back: {score.Prediction.Workers:0.##} workers measured {score.MeasuredSpeedUp:0.##}x, predicted "
                    + $"{score.Prediction.SpeedUp:0.##}x ({error:+0.0 %;-0.0 %;0.0 %}), {(score.InBand == true ? "inside" : "outside")} "
                    + $"the band")
                : Invariant($"Held back: {score.Prediction.Workers:0.##} workers measured {score.MeasuredSpeedUp:0.##}x, prediction "
                    + $"refused");
        }

        foreach ((double throughput, double? workers) in curve.WorkersForThroughput)
        {
            yield return workers is { } n
                ? Invariant($"Throughput {throughput:0.###} is reached with {n:0.####} workers")
                : Invariant($"Throughput {throughput:0.###} is not reached with any number of workers");
        }
    }

    private static IEnumerable<string> Changes(RunAnalysis run)
    {
        IReadOnlyList<WhatIfResult> whatIfs = run.WhatIfs;
        WhatIfResult[] useful = [.. whatIfs.Where(w => w.Change.Kind != WhatIfKind.FreeStage && w.Gain >= 0.01).Take(NamedChanges)];
        foreach (WhatIfResult result in useful)
            yield return Invariant($"{result.Change.Text} {result.Gain:+0 %;-0 %;0 %} (then "
                + $"{string.Join(" and ", result.NextBottleneck)})");
        if (useful.Length == 0)
            yield return "none of the tried changes gives 1 %";
        // The heaviest of the stages that are not worth any work: that is where one might be tempted.
        WhatIfResult? useless = whatIfs.Where(
            w => w.Change.Kind == WhatIfKind.FreeStage && w.Gain < 0.01 && run.Report.Stages.Any(s => s.Name == w.Change.Stage))
            .MaxBy(w => run.Report.Stages.First(s => s.Name == w.Change.Stage).Busy);
        if (useless is not null)
            yield return $"a faster {useless.Change.Stage} gives nothing today";
    }

    private static IEnumerable<string> CheckLines(IReadOnlyList<ProfileCheck> checks)
    {
        ProfileCheck[] failed = [.. checks.Where(c => !c.Passed && c.Name != "fit")];
        string passed = string.Join(", ", checks.Where(c => c.Passed).Select(c => c.Name));
        if (passed.Length > 0)
            yield return $"Checks passed: {passed}";
        foreach (ProfileCheck check in failed)
            yield return $"Mind: {check.Text}";
    }

    private static string Times(double value) => double.IsInfinity(value) ? "no limit seen"
        : value > MostTimes ? Invariant($"more than {MostTimes:0}x")
        : Invariant($"{value:0.#}x");
}
