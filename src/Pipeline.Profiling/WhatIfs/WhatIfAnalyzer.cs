namespace Pipeline.Profiling;

/// <summary>Tries changes in the simulation.</summary>
public static class WhatIfAnalyzer
{
    private const int FewItemsPerWorker = 4;

    /// <summary>Tries one change.</summary>
    /// <param name="model">The pipeline as it is.</param>
    /// <param name="change">The change.</param>
    /// <param name="seed">The seed of random times, the same for both runs.</param>
    /// <returns>The simulated effect.</returns>
    /// <exception cref="ArgumentException">The change names a stage that the pipeline does not have.</exception>
    public static WhatIfResult Try(PipelineModel model, WhatIf change, int seed = 1) =>
        Try(model, change, PipelineSimulator.Run(model, seed).Seconds, seed);

    /// <summary>Tries the usual changes: each stage twice as fast, free, with one more worker, with a longer queue; more cores; batches.</summary>
    /// <param name="model">The pipeline as it is.</param>
    /// <param name="machineCores">The cores of the larger machine; null to leave it out.</param>
    /// <param name="seed">The seed of random times, the same for all runs.</param>
    /// <returns>The simulated effects, the largest gain first.</returns>
    public static IReadOnlyList<WhatIfResult> TryUsual(PipelineModel model, int? machineCores = 32, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        double baseline = PipelineSimulator.Run(model, seed).Seconds;
        List<WhatIf> changes = [];
        foreach (StageModel stage in model.Stages.Where(s => s.Times.Mean > 0))
        {
            changes.Add(new WhatIf(WhatIfKind.FasterStage, stage.Name, 2));
            changes.Add(new WhatIf(WhatIfKind.FreeStage, stage.Name, 1));
            if (stage.Workers < 1024)
                changes.Add(new WhatIf(WhatIfKind.MoreWorkers, stage.Name, 1));
            changes.Add(new WhatIf(WhatIfKind.LongerQueue, stage.Name, 4));
        }

        if (machineCores is { } cores)
            changes.Add(new WhatIf(WhatIfKind.Machine, null, cores));
        if (model.Stages.Any(s => s.HopSeconds > 0))
            changes.Add(new WhatIf(WhatIfKind.Batches, null, 16));
        return [.. changes.Select(c => Try(model, c, baseline, seed)).OrderByDescending(r => r.Gain)];
    }

    private static WhatIfResult Try(PipelineModel model, WhatIf change, double baseline, int seed)
    {
        ArgumentNullException.ThrowIfNull(change);
        PipelineModel changed = change.Apply(model);
        double seconds = PipelineSimulator.Run(changed, seed).Seconds;
        return new WhatIfResult(change, baseline, seconds, NextBottleneck(changed, seconds), BindsAfter(model, change));
    }

    /// <summary>With few items per worker no stage sets the pace: the run is over before it is full.</summary>
    private static IReadOnlyList<string> NextBottleneck(PipelineModel model, double seconds)
    {
        PipelineBottleneck bottleneck = model.Bottleneck();
        bool isShort = model.Items < FewItemsPerWorker * model.Stages.Max(s => s.Workers) && seconds > 1.25 * model.Items * bottleneck.Pace;
        return isShort ? ["too few items"] : bottleneck.Names;
    }

    /// <summary>After how many more workers of the stage something else binds; null for other changes.</summary>
    internal static int? BindsAfter(PipelineModel model, WhatIf change)
    {
        if (change.Kind != WhatIfKind.MoreWorkers)
            return null;
        PipelineBottleneck now = model.Bottleneck();
        if (now.Names[0] != change.Stage || now.NextPace <= 0)
            return 0;
        StageModel stage = model.Stages.First(s => s.Name == change.Stage);
        return Math.Max(0, (int)Math.Ceiling((stage.SecondsPerItem / now.NextPace) * (1 - 1e-4)) - stage.Workers);
    }
}
