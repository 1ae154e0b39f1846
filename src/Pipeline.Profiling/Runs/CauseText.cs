namespace Pipeline.Profiling;

/// <summary>The verdict in words: what, why, what to do.</summary>
internal static class CauseText
{
    /// <summary>Shares of a run below this are not told: some filling and draining is in every run.</summary>
    private const double LeastShareToTell = 0.10;

    /// <param name="filling">The share of the run in which the pipeline only fills and drains, 0 where it is not known.</param>
    public static RunCause Of(CauseKind kind, IReadOnlyList<string> names, RunReport report, PipelineModel model, double filling = 0)
    {
        string name = names.Count == 0 ? "" : names[0];
        string sentence = names.Count > 1
            ? $"{string.Join(" and ", names.Select(n => $"'{n}'"))} limit the run alike "
                + $"({string.Join(", ", names.Select(n => Pace(n, model)))}); making one of them faster gives nothing."
            : Sentence(kind, name, report, model);
        if (filling >= LeastShareToTell)
            sentence += Invariant($" Filling and draining took {filling:P0} of the run, because {Count(model.Items, "item")} are few.");
        return new RunCause(kind, names, sentence) { Stage = report.Stages.FirstOrDefault(s => s.Name == name)?.Name ?? Heaviest(model) };
    }

    private static string Sentence(CauseKind kind, string name, RunReport report, PipelineModel model) => kind switch
    {
        CauseKind.ParallelStage => $"'{name}' limits the run ({Load(name, report)}). It is parallel, not serial: "
            + $"{MoreWorkers(name, model)}",
        CauseKind.Distribution => $"'{name}', which one worker does before the parallel work, limits the run ({Load(name, report)}): "
            + $"distribution. More workers elsewhere give nothing; make it faster or give it workers.",
        CauseKind.Collection => $"'{name}', which one worker does after the parallel work, limits the run ({Load(name, report)}): "
            + $"collection. More workers elsewhere give nothing; make it faster or give it workers.",
        CauseKind.Source => Invariant($"The source limits the run: it takes {Milliseconds(model.SourceTimes.Mean)} per item and every "
            + $"stage waits for it. Read ahead or from several places."),
        CauseKind.Sink => $"The sink limits the run ({Pace(name, model)}): results come faster than it takes them. Make it faster, or "
            + $"do its work in a stage with several workers.",
        CauseKind.OrderGate => $"Keeping the order limits the run: finished results of '{name}' wait for an earlier, slower one. Use "
            + $"StageOrder.Completion there if the order does not matter, or a larger capacity behind it.",
        CauseKind.SerialSection => $"A section of '{name}' that one body at a time may be in limits the run "
            + $"({Milliseconds(Stage(name, model).SectionSeconds)} per item). Do less inside it or give each worker its own copy.",
        CauseKind.SkewedItems => $"Uneven items limit the run: a few items of '{name}' take much longer than the others, and the rest "
            + $"waits at the end or behind them. Start the large ones first or split them.",
        CauseKind.TooFewItems => Invariant($"Too few items limit the run: {model.Items} items cannot keep "
            + $"{model.Stages.Max(s => s.Workers)} workers busy while the pipeline fills and drains. More items in one run would use "
            + $"them."),
        CauseKind.SlowWorker => Invariant($"One worker of '{name}' is {Stage(name, model).WorkerSlowness.Max():0.#} times slower than "
            + $"the others and limits the run. Look at what only that worker does or has."),
        CauseKind.ShortQueues => $"Varying stage times limit the run: the queue in front of '{name}' is too short to even them out. A "
            + $"larger capacity would help.",
        CauseKind.Processors => Invariant($"{WorkersLimit(model)} {MoreProcessors(model)} less work per item in '{Heaviest(model)}' "
            + $"({Share(model):P0} of the work)."),
        CauseKind.MemoryBudget => "The memory budget limits the run: workers wait until items in flight give bytes back. Raise the "
            + "budget or make the items smaller earlier.",
        CauseKind.GarbageCollection => "Garbage collections limit the run: they stop all workers. Allocate less per item, or pool the "
            + "buffers.",
        _ => "Cannot tell what limits the run.",
    };

    private static string Load(string name, RunReport report)
    {
        StageReport stage = report.Stages.First(s => s.Name == name);
        double busy = stage.Busy.TotalSeconds / (stage.Workers * report.Elapsed.TotalSeconds);
        return Invariant($"{Count(stage.Workers, "worker")} {busy:P0} busy, "
            + $"{Milliseconds(stage.Busy.TotalSeconds / Math.Max(1, stage.Items))} per item");
    }

    private static string MoreWorkers(string name, PipelineModel model)
    {
        PipelineBottleneck bottleneck = model.Bottleneck();
        if (bottleneck.Next is null)
            return "more workers make it faster as long as there are cores.";
        int more = WhatIfAnalyzer.BindsAfter(model, new WhatIf(WhatIfKind.MoreWorkers, name, 1)) ?? 0;
        return more == 0
            ? $"but '{bottleneck.Next}' is next at once."
            : Invariant($"{Count(more, "more worker")} before '{bottleneck.Next}' ({Milliseconds(bottleneck.NextPace)} between items) "
                + $"binds.");
    }

    private static string Pace(string name, PipelineModel model)
    {
        double pace = name == PipelineBottleneck.SourceName ? model.SourceTimes.Mean
            : Stage(name, model).SecondsPerItem / Stage(name, model).Workers;
        return $"'{name}' {Milliseconds(pace)} between items";
    }

    private static StageModel Stage(string name, PipelineModel model) => model.Stages.First(s => s.Name == name);

    private static string WorkersLimit(PipelineModel model) => model.Workers == 1
        ? "The one worker of the run limits it: all stages together keep it busy, no single stage does."
        : Invariant($"The {model.Workers} workers of the run limit it: all stages together keep them busy, no single stage does.");

    private static string MoreProcessors(PipelineModel model) => model.Workers < Environment.ProcessorCount
        ? Invariant($"Give it more workers, there are {Environment.ProcessorCount} processors, or")
        : "More workers need as many more cores; on this machine, do";

    private static string Heaviest(PipelineModel model) => model.Stages.Where(s => s.NeedsProcessor).MaxBy(s => s.SecondsPerItem)!.Name;

    private static double Share(PipelineModel model) =>
        model.Stages.Where(s => s.NeedsProcessor).Max(s => s.SecondsPerItem) / model.Stages.Where(s => s.NeedsProcessor).Sum(
            s => s.SecondsPerItem);
}
