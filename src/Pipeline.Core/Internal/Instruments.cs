using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pipeline.Core.Internal;

/// <summary>All instruments of this package. Measured outside the run's gate, once per turn, and only when somebody listens.</summary>
internal static class Instruments
{
    internal const string Name = "Pipeline.Core";

    internal static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> StageItems = Meter.CreateCounter<long>("pipeline.stage.items", "{item}", "Items that a stage finished or failed.");
    private static readonly Histogram<double> StageDuration = Meter.CreateHistogram<double>("pipeline.stage.duration", "s", "Time inside a stage's own code per item; the mean of a turn when a turn took several items.");
    private static readonly Lock RunsGate = new();
    private static readonly List<RunEngine> Runs = []; // guarded by RunsGate

    static Instruments() =>
        Meter.CreateObservableGauge("pipeline.stage.queue.length", MeasureQueues, "{item}", "Items that wait in front of a stage.");

    internal static void Enter(RunEngine run)
    {
        lock (RunsGate)
            Runs.Add(run);
    }

    internal static void Leave(RunEngine run)
    {
        lock (RunsGate)
            Runs.Remove(run);
    }

    /// <summary>Gets a value indicating whether somebody listens to times.</summary>
    internal static bool WantTimes => StageDuration.Enabled;

    /// <summary>Notes a turn that ended.</summary>
    internal static void Record(EngineNode node, int items, long busy, Exception? error)
    {
        if (StageItems.Enabled)
        {
            TagList tags = Tags(node);
            if (error is not null)
                tags.Add("error.type", error.GetType().FullName);
            StageItems.Add(items, tags);
        }

        if (StageDuration.Enabled && error is null)
            StageDuration.Record(busy / (double)node.Run.Clock.TimestampFrequency / items, Tags(node));
    }

    private static TagList Tags(EngineNode node) => new() { { "pipeline.name", node.Run.PipelineName }, { "pipeline.stage.name", node.Name } };

    private static List<Measurement<int>> MeasureQueues()
    {
        RunEngine[] runs;
        lock (RunsGate)
            runs = [.. Runs];
        List<Measurement<int>> lengths = [];
        foreach (RunEngine run in runs)
        {
            foreach (StageProgress stage in run.Snapshot().Stages)
                lengths.Add(new Measurement<int>(stage.Waiting, new TagList { { "pipeline.name", run.PipelineName }, { "pipeline.stage.name", stage.Name } }));
        }

        return lengths;
    }
}
