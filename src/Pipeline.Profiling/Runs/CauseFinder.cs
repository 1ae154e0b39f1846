namespace Pipeline.Profiling;

/// <summary>Finds what limits a run by taking suspects out of its simulation.</summary>
internal static class CauseFinder
{
    /// <summary>Up to this share of the run beyond what its slowest part explains, that part is the cause.</summary>
    private const double Explained = 0.10;

    /// <summary>The least gain for which a suspect is named.</summary>
    private const double ClearGain = 0.05;

    /// <summary>The gain from which filling and draining is the cause: some of it is in every run, and the slowest part stays the better answer.</summary>
    private const double FewItemsGain = 0.30;

    /// <summary>Items are uneven when the longest takes this many times the median; in a run of a few items alike, chance alone gives twice.</summary>
    private const double MuchLonger = 3;

    /// <summary>A suspect further up the list, which goes from particular to general, is named when it gives at least this share of the largest gain.</summary>
    private const double NearlyAll = 0.7;

    public static RunCause Find(RunReport report, PipelineModel model, SimulationResult simulated)
    {
        if (report.GarbageCollectionPauses.TotalSeconds > 0.25 * report.Elapsed.TotalSeconds)
            return CauseText.Of(CauseKind.GarbageCollection, [], report, model);
        if (BudgetHolds(report, simulated))
            return CauseText.Of(CauseKind.MemoryBudget, [], report, model);
        PipelineModel plain = Plain(model);
        PipelineBottleneck bottleneck = plain.Bottleneck();
        double lost = 1 - (model.Items * bottleneck.Pace / simulated.Seconds);
        if (lost <= Explained)
            return CauseText.Of(KindOf(bottleneck, report, model), bottleneck.Names, report, model);
        double withMany = GainOfMoreItems(model, simulated.Seconds);
        if (Suspect(model, simulated.Seconds, withMany) is { } suspect)
            return CauseText.Of(suspect.Kind, suspect.Names, report, model);

        // The slowest part binds, and what it leaves of the run is the pipeline that fills and drains: one sentence says both.
        return CauseText.Of(KindOf(bottleneck, report, model), bottleneck.Names, report, model, withMany / (1 + withMany));
    }

    private static CauseKind KindOf(PipelineBottleneck bottleneck, RunReport report, PipelineModel model)
    {
        string name = bottleneck.Names[0];
        if (name == PipelineBottleneck.SourceName)
            return CauseKind.Source;
        if (name == PipelineBottleneck.ProcessorsName)
            return CauseKind.Processors;
        return SerialParts.KindOf(report, model, IndexOf(model, name));
    }

    private static int IndexOf(PipelineModel model, string name)
    {
        for (int i = 0; i < model.Stages.Count; i++)
        {
            if (model.Stages[i].Name == name)
                return i;
        }

        return 0;
    }

    private static bool BudgetHolds(RunReport report, SimulationResult simulated) =>
        report.MemoryBudgetBytes is { } budget
        && report.PeakInFlightBytes > 0.8 * budget
        && report.Elapsed.TotalSeconds > simulated.Seconds * (1 + Explained)
        && report.Stages.Sum(s => s.BlockedByAdmission.TotalSeconds) > 0.1 * report.Elapsed.TotalSeconds;

    /// <summary>Every stage with its mean time, no order, no section, all workers alike.</summary>
    private static PipelineModel Plain(PipelineModel model) => All(model, s => s with
    {
        Times = StageTimes.Constant(s.Times.Mean + s.SectionSeconds),
        SectionSeconds = 0,
        Order = StageOrder.Completion,
        WorkerSlowness = [],
    });

    /// <summary>How much more throughput the same pipeline has with so many items that filling and draining does not count.</summary>
    private static double GainOfMoreItems(PipelineModel model, double seconds)
    {
        long many = Math.Max(2000, 20 * model.Items);
        return (seconds / model.Items / (PipelineSimulator.Run(model.WithItems(many)).Seconds / many)) - 1;
    }

    private static (CauseKind Kind, IReadOnlyList<string> Names)? Suspect(PipelineModel model, double seconds, double withMany)
    {
        // From the particular to the general: without skew, order does not matter; with more items, neither does.
        List<(CauseKind Kind, IReadOnlyList<string> Names, double Gain)> suspects = [];
        Try(CauseKind.SerialSection, s => s.SectionSeconds > 0, s => s with { Times = s.Times.Plus(s.SectionSeconds), SectionSeconds = 0 });
        Try(CauseKind.SlowWorker, s => s.WorkerSlowness.Any(x => x != 1), s => s with { WorkerSlowness = [] });
        Try(CauseKind.OrderGate, s => s.Order == StageOrder.Input && s.Workers > 1, s => s with { Order = StageOrder.Completion });
        Try(CauseKind.ShortQueues, s => s.Times.Varies, s => s with { Capacity = 16 * (s.Capacity + s.Workers) });
        Try(CauseKind.SkewedItems, s => s.Times.LongestOverMedian >= MuchLonger, s => s with { Times = StageTimes.Constant(s.Times.Mean) });
        if (withMany >= FewItemsGain)
            suspects.Add((CauseKind.TooFewItems, [], withMany));
        double most = suspects.Select(s => s.Gain).DefaultIfEmpty(0).Max();
        if (most < ClearGain)
            return null;
        (CauseKind kind, IReadOnlyList<string> names, _) = suspects.First(s => s.Gain >= NearlyAll * most);
        return (kind, names);

        void Try(CauseKind kind, Predicate<StageModel> concerns, Func<StageModel, StageModel> remove)
        {
            StageModel[] stages = [.. model.Stages.Where(s => concerns(s))];
            if (stages.Length == 0)
                return;
            double gain = (seconds / PipelineSimulator.Run(All(model, s => concerns(s) ? remove(s) : s)).Seconds) - 1;
            string most = stages.MaxBy(s => seconds / PipelineSimulator.Run(model.WithStage(s.Name, remove)).Seconds)!.Name;
            suspects.Add((kind, [most], gain));
        }
    }

    private static PipelineModel All(PipelineModel model, Func<StageModel, StageModel> change) =>
        model with { Stages = [.. model.Stages.Select(change)] };
}
