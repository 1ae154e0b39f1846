namespace Pipeline.Profiling.Tests;

/// <summary>The report that a run of a planted pipeline would give, in virtual time: exact, without noise and without waiting.</summary>
internal static class SimulatedReport
{
    public static RunReport Of(PipelineModel model, bool hasSink = false, int seed = 1)
    {
        SimulationResult run = PipelineSimulator.Run(model, seed);
        StageReport[] stages = [.. model.Stages.Zip(run.Stages, (s, r) => Stage(s, r, model.Items))];
        return new RunReport
        {
            PipelineName = "planted",
            Outcome = RunOutcome.Completed,
            Elapsed = TimeSpan.FromSeconds(run.Seconds),
            ItemsIn = model.Items,
            ItemsCompleted = model.Items,
            ItemsFailed = 0,
            ItemsSkipped = 0,
            ItemsUnfinished = 0,
            MemoryBudgetBytes = null,
            PeakInFlightBytes = 0,
            ItemsOverBudget = 0,
            Stages = hasSink ? stages[..^1] : stages,
            Sink = hasSink ? stages[^1] : null,
            Failures = [],
            Workers = model.Workers ?? 1024,
            MaxItemsInFlight = model.MaxItemsInFlight,
            Source = Source(model, run),
        };
    }

    private static StageReport Source(PipelineModel model, SimulationResult run) =>
        Stage(new StageModel("source", 1, model.SourceTimes),
            new StageSimulation("source", 1, model.SourceTimes.Mean * model.Items, run.Seconds - run.SourceBlockedSeconds
                - (model.SourceTimes.Mean * model.Items), run.SourceBlockedSeconds, 0, 0, 0, 0), model.Items);

    private static StageReport Stage(StageModel model, StageSimulation run, long items) => new()
    {
        Name = model.Name,
        Workers = model.Workers,
        Items = items,
        Retries = 0,
        Failures = 0,
        Busy = TimeSpan.FromSeconds(run.BusySeconds),
        Starved = TimeSpan.FromSeconds(run.StarvedSeconds),
        Blocked = TimeSpan.FromSeconds(run.BlockedSeconds + run.AdmissionSeconds),
        BlockedByAdmission = TimeSpan.FromSeconds(run.AdmissionSeconds),
        Ordering = TimeSpan.FromSeconds(run.OrderingSeconds),
        Framework = TimeSpan.Zero,
        PeakQueueLength = 0,
        Capacity = model.Capacity,
        Order = model.Order,
        FollowsRunWorkers = model.FollowsRunWorkers,
        ItemSeconds = [.. Enumerable.Range(0, (int)Math.Min(items, 4096)).Select(i => model.Times.At(i))],
        WorkerTotals = [.. Totals(model, run.BusySeconds, items)],
    };

    /// <summary>Workers of one stage share the items by their speed.</summary>
    private static IEnumerable<WorkerTotal> Totals(StageModel model, double busy, long items)
    {
        double[] speed =
            [.. Enumerable.Range(0, model.Workers).Select(i => i < model.WorkerSlowness.Count ? 1 / model.WorkerSlowness[i] : 1)];
        foreach (double one in speed)
        {
            double share = one / speed.Sum();
            long count = Math.Max(1, (long)Math.Round(items * share));
            yield return new WorkerTotal(count, TimeSpan.FromSeconds(model.Times.Mean / one * count));
        }
    }
}
