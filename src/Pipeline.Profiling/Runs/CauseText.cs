using System.Globalization;

namespace Pipeline.Profiling;

/// <summary>The verdict in words: what, why, what to do.</summary>
internal static class CauseText
{
    public static RunCause Of(CauseKind kind, IReadOnlyList<string> names, RunReport report, PipelineModel model)
    {
        string name = names.Count == 0 ? "" : names[0];
        string sentence = names.Count > 1
            ? $"{string.Join(" and ", names.Select(n => $"'{n}'"))} limit the run alike ({string.Join(", ", names.Select(n => Pace(n, model)))}); making one of them faster gives nothing."
            : Sentence(kind, name, report, model);
        return new RunCause(kind, names, sentence);
    }

    private static string Sentence(CauseKind kind, string name, RunReport report, PipelineModel model) => kind switch
    {
        CauseKind.ParallelStage => $"'{name}' limits the run ({Load(name, report)}). It is parallel, not serial: {MoreWorkers(name, model)}",
        CauseKind.Distribution => $"'{name}', which one worker does before the parallel work, limits the run ({Load(name, report)}): distribution. More workers elsewhere give nothing; make it faster or give it workers.",
        CauseKind.Collection => $"'{name}', which one worker does after the parallel work, limits the run ({Load(name, report)}): collection. More workers elsewhere give nothing; make it faster or give it workers.",
        CauseKind.Source => string.Create(CultureInfo.InvariantCulture, $"The source limits the run: it takes {Milliseconds(model.SourceTimes.Mean)} per item and every stage waits for it. Read ahead or from several places."),
        CauseKind.Sink => $"The sink limits the run ({Pace(name, model)}): results come faster than it takes them. Make it faster, or do its work in a stage with several workers.",
        CauseKind.OrderGate => $"Keeping the order limits the run: finished results of '{name}' wait for an earlier, slower one. Use StageOrder.Completion there if the order does not matter, or a larger capacity behind it.",
        CauseKind.SerialSection => $"A section of '{name}' that one body at a time may be in limits the run ({Milliseconds(Stage(name, model).SectionSeconds)} per item). Do less inside it or give each worker its own copy.",
        CauseKind.SkewedItems => $"Uneven items limit the run: a few items of '{name}' take much longer than the others, and the rest waits at the end or behind them. Start the large ones first or split them.",
        CauseKind.TooFewItems => string.Create(CultureInfo.InvariantCulture, $"Too few items limit the run: {model.Items} items cannot keep {model.Stages.Max(s => s.Workers)} workers busy while the pipeline fills and drains. More items in one run would use them."),
        CauseKind.SlowWorker => $"One worker of '{name}' is {Stage(name, model).WorkerSlowness.Max().ToString("0.#", CultureInfo.InvariantCulture)} times slower than the others and limits the run. Look at what only that worker does or has.",
        CauseKind.ShortQueues => $"Varying stage times limit the run: the queue in front of '{name}' is too short to even them out. A larger capacity would help.",
        CauseKind.Processors => string.Create(CultureInfo.InvariantCulture, $"{WorkersLimit(model)} {MoreProcessors(model)} less work per item in '{Heaviest(model)}' ({Share(model):P0} of the work)."),
        CauseKind.MemoryBudget => "The memory budget limits the run: workers wait until items in flight give bytes back. Raise the budget or make the items smaller earlier.",
        CauseKind.GarbageCollection => "Garbage collections limit the run: they stop all workers. Allocate less per item, or pool the buffers.",
        _ => "Cannot tell what limits the run.",
    };

    private static string Load(string name, RunReport report)
    {
        StageReport stage = report.Stages.First(s => s.Name == name);
        double busy = stage.Busy.TotalSeconds / (stage.Workers * report.Elapsed.TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{stage.Workers} worker{(stage.Workers == 1 ? "" : "s")} {busy:P0} busy, {Milliseconds(stage.Busy.TotalSeconds / Math.Max(1, stage.Items))} per item");
    }

    private static string MoreWorkers(string name, PipelineModel model)
    {
        PipelineBottleneck bottleneck = model.Bottleneck();
        WhatIf change = new(WhatIfKind.MoreWorkers, name, 1);
        if (bottleneck.Next is null)
            return "more workers make it faster as long as there are cores.";
        int more = WhatIfAnalyzer.Try(model, change).BindsAfter ?? 0;
        return more == 0
            ? $"but '{bottleneck.Next}' is next at once."
            : string.Create(CultureInfo.InvariantCulture, $"{more} more worker{(more == 1 ? "" : "s")} before '{bottleneck.Next}' ({Milliseconds(bottleneck.NextPace)} between items) binds.");
    }

    private static string Pace(string name, PipelineModel model)
    {
        double pace = name == PipelineBottleneck.SourceName ? model.SourceTimes.Mean : Stage(name, model).SecondsPerItem / Stage(name, model).Workers;
        return $"'{name}' {Milliseconds(pace)} between items";
    }

    private static StageModel Stage(string name, PipelineModel model) => model.Stages.First(s => s.Name == name);

    private static string WorkersLimit(PipelineModel model) => model.Workers == 1
        ? "The one worker of the run limits it: all stages together keep it busy, no single stage does."
        : string.Create(CultureInfo.InvariantCulture, $"The {model.Workers} workers of the run limit it: all stages together keep them busy, no single stage does.");

    private static string MoreProcessors(PipelineModel model) => model.Workers < Environment.ProcessorCount
        ? string.Create(CultureInfo.InvariantCulture, $"Give it more workers, there are {Environment.ProcessorCount} processors, or")
        : "More workers need as many more cores; on this machine, do";

    private static string Heaviest(PipelineModel model) => model.Stages.Where(s => s.NeedsProcessor).MaxBy(s => s.SecondsPerItem)!.Name;

    private static double Share(PipelineModel model) =>
        model.Stages.Where(s => s.NeedsProcessor).Max(s => s.SecondsPerItem) / model.Stages.Where(s => s.NeedsProcessor).Sum(s => s.SecondsPerItem);

    private static string Milliseconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.###} ms");
}
