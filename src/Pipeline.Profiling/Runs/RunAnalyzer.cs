namespace Pipeline.Profiling;

/// <summary>Explains one run from its report: what limits it, which parts are serial, what changes would give.</summary>
/// <remarks>
/// The cause is found by removal: where the run takes clearly longer than its slowest part alone explains, each suspect (order, sections, skew, a slow worker,
/// too few items, short queues) is taken out of the simulation and the one whose removal helps most is named.
/// </remarks>
public static class RunAnalyzer
{
    /// <summary>Analyzes a run.</summary>
    /// <param name="report">A run that finished at least one item.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The analysis.</returns>
    /// <exception cref="ArgumentException">The run finished no item.</exception>
    public static RunAnalysis Analyze(RunReport report, RunAnalysisOptions? options = null)
    {
        options ??= new RunAnalysisOptions();
        PipelineModel model = ModelOf(report, options);
        SimulationResult simulated = PipelineSimulator.Run(model);
        return new RunAnalysis
        {
            Report = report,
            Model = model,
            Simulated = simulated,
            Cause = CauseFinder.Find(report, model, simulated),
            SerialParts = SerialParts.Of(report, model, options.Sections),
            Limits = model.Limits(report.GarbageCollectionPauses.TotalSeconds / report.ItemsIn),
            WorkSpan = WorkSpanOf(model),
            WhatIfs = WhatIfAnalyzer.TryUsual(model, options.MachineCores),
            Checks = RunChecks.Of(report, model, simulated),
        };
    }

    /// <summary>Says what limited a run, also one that finished nothing.</summary>
    /// <param name="report">Any run.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns><see cref="RunAnalysis.Cause"/> alone; <see cref="CauseKind.Unknown"/> with the reason where the run has no stage times.</returns>
    public static RunCause CauseOf(RunReport report, RunAnalysisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.ItemsCompleted < 1 || report.Stages.Count == 0)
            return new RunCause(CauseKind.Unknown, [], "Nothing was finished, so nothing can be said about what limited the run.");
        if (!report.HasAccounts)
            return new RunCause(CauseKind.Unknown, [], "The run kept no accounts of its workers' time, so nothing can be said about "
                + "what limited it.");
        PipelineModel model = ModelOf(report, options ?? new RunAnalysisOptions());
        return CauseFinder.Find(report, model, PipelineSimulator.Run(model));
    }

    private static PipelineModel ModelOf(RunReport report, RunAnalysisOptions options) => RunModel.Of(report, options.Sections) with
    {
        MaxItemsInFlightFor = options.MaxItemsInFlightFor,
        Contention = options.Contention?.For(RunModel.ComputingShare(report)),
    };

    /// <summary>The span is one item through all stages, or all items through the slowest part that only one worker can do.</summary>
    private static WorkSpan WorkSpanOf(PipelineModel model)
    {
        double oneItem = model.SourceTimes.Mean + model.Stages.Sum(s => s.Times.Mean + s.HopSeconds + s.SectionSeconds);
        double serial = model.Stages.Select(s => s.IsSerial ? s.SecondsPerItem : s.SectionSeconds).Append(model.SourceTimes.Mean).Max();
        return new WorkSpan(model.Items * oneItem, oneItem + ((model.Items - 1) * serial));
    }
}
