namespace Pipeline.Profiling;

/// <summary>Whether the measurements of a run agree with themselves.</summary>
internal static class RunChecks
{
    public const double AccountsTolerance = 0.01;
    public const double SimulationTolerance = 0.10;

    public static IReadOnlyList<ProfileCheck> Of(RunReport report, PipelineModel model, SimulationResult simulated) =>
    [
        Accounts(report),
        Conservation(report),
        Simulation(report, simulated),
        Cost(report),
        Pauses(report),
        .. Oversubscription(report),
        Enough(report, model),
    ];

    private static ProfileCheck Accounts(RunReport report)
    {
        StageReport worst = report.Stages.MaxBy(s => Math.Abs(1 - Closing(s, report)))!;
        double closing = Closing(worst, report);
        bool closes = Math.Abs(1 - closing) <= AccountsTolerance;
        return new ProfileCheck("accounts", closes, Invariant($"{(closes ? "Accounts close" : "Accounting broken")}: busy, starved, "
            + $"blocked, ordering and library time of '{worst.Name}' are {closing:P1} of its workers' "
            + $"time.{(closes ? "" : " Do not trust the shares; report this run.")}"));
    }

    private static double Closing(StageReport stage, RunReport report) =>
        (stage.Busy + stage.Starved + stage.Blocked + stage.Ordering + stage.Framework).TotalSeconds
            / (stage.Workers * report.Elapsed.TotalSeconds);

    private static ProfileCheck Conservation(RunReport report)
    {
        long known = report.ItemsCompleted + report.ItemsFailed + report.ItemsSkipped + report.ItemsUnfinished;
        return new ProfileCheck("items", known == report.ItemsIn, Invariant($"{report.ItemsIn} items in, {known} accounted for."));
    }

    private static ProfileCheck Simulation(RunReport report, SimulationResult simulated)
    {
        double ratio = report.Elapsed.TotalSeconds / simulated.Seconds;
        bool agrees = Math.Abs(ratio - 1) <= SimulationTolerance;
        string meaning = agrees ? "" : ratio > 1
            ? " Something outside the stages takes time (start-up, memory budget, a busy machine); what-ifs are optimistic."
            : " Stage times grew while the run was measured; what-ifs are pessimistic.";
        return new ProfileCheck("simulation", agrees, Invariant($"The run took {report.Elapsed.TotalSeconds:0.###} s, simulated "
            + $"{simulated.Seconds:0.###} s ({ratio - 1:+0.0 %;-0.0 %;0.0 %}).{meaning}"));
    }

    private static ProfileCheck Cost(RunReport report)
    {
        double turns = report.Stages.Sum(s => (double)(s.Items + s.Retries + s.Failures));
        double share = turns * RunReport.AccountingSecondsPerTurn / Math.Max(1e-9, report.Stages.Sum(s => s.Busy.TotalSeconds));
        return new ProfileCheck("profiler-cost", share <= 0.02, Invariant($"Measuring cost about {share:P1} of the work "
            + $"({RunReport.AccountingSecondsPerTurn * 1e9:0} ns per item and stage, measured here)."));
    }

    private static ProfileCheck Pauses(RunReport report)
    {
        double share = report.GarbageCollectionPauses.TotalSeconds / report.Elapsed.TotalSeconds;
        return new ProfileCheck("garbage-collection", share <= 0.05, Invariant($"Garbage collections stopped everything for {share:P1} "
            + $"of the run."));
    }

    /// <summary>Only for a run with more workers than processors: it is no trouble when bodies wait for other things than a processor.</summary>
    private static IEnumerable<ProfileCheck> Oversubscription(RunReport report)
    {
        if (report.Processors == 0 || report.Workers <= report.Processors)
            yield break;
        double bodies = report.Stages.Sum(s => s.Busy.TotalSeconds) / report.Elapsed.TotalSeconds;
        double used = report.ProcessorTime.TotalSeconds / (report.Processors * report.Elapsed.TotalSeconds);
        bool isFull = bodies > report.Processors && used > 0.5;
        string processors = Count(report.Processors, "processor");
        yield return new ProfileCheck("processors", !isFull, isFull
            ? Invariant($"{bodies:0.#} bodies at once shared {processors}, which this process used {used:P0} of: stage times have "
                + $"waiting for a processor in them, and speed-ups are too high. Profile with at most "
                + $"{Count(report.Processors, "worker")}.")
            : Invariant($"{Count(report.Workers, "worker")} on {processors}, of which this process used {used:P0}: bodies wait for "
                + $"other things."));
    }

    private static ProfileCheck Enough(RunReport report, PipelineModel model)
    {
        int most = model.Stages.Max(s => s.Workers);
        return report.ItemsIn >= 3 * most
            ? new ProfileCheck("items-per-worker", true, Invariant($"{Count(report.ItemsIn, "item")} for {Count(most, "worker")}."))
            : new ProfileCheck("items-per-worker", false, Invariant($"Only {Count(report.ItemsIn, "item")} for {Count(most, "worker")}: "
                + $"much of the run fills and drains the pipeline. Profile with at least {3 * most} items."));
    }
}
