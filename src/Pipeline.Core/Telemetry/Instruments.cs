using System.Diagnostics.Metrics;

namespace Pipeline.Core;

/// <summary>All instruments of this package. Measured outside the run's gate, once per turn, and only while there are listeners.</summary>
internal sealed class Instruments
{
    public const string Name = "Pipeline.Core";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Instruments s_shared = new(new Meter(Name));
    private static readonly ConditionalWeakTable<Meter, Instruments> s_byMeter = [];

    private readonly Counter<long> _stageItems;
    private readonly Histogram<double> _stageDuration;
    private readonly Histogram<double> _stageWaitDuration;
    private readonly Lock _runsGate = new();
    private readonly List<IObservedRun> _runs = []; // guarded by _runsGate

    private Instruments(Meter meter)
    {
        _stageItems = meter.CreateCounter<long>("pipeline.stage.items", "{item}", "Items that a stage finished or failed.");
        _stageDuration = meter.CreateHistogram<double>(
            "pipeline.stage.duration", "s", "Time inside a stage's own code per item; the mean of a turn when a turn took several items.");
        _stageWaitDuration = meter.CreateHistogram<double>(
            "pipeline.stage.wait.duration", "s",
            "Time that an item waited in front of a stage; the mean of a turn when a turn took several items.");
        meter.CreateObservableGauge("pipeline.stage.queue.length", MeasureQueues, "{item}", "Items that wait in front of a stage.");
    }

    /// <summary>Gets a value indicating whether a listener wants to know how long items wait, so that they have to be stamped.</summary>
    public bool MeasuresWaits => _stageWaitDuration.Enabled;

    public bool WantTimes => _stageDuration.Enabled; // whether there is a listener to times

    /// <summary>Gets a value indicating whether there is a listener to anything that is recorded of a turn.</summary>
    public bool IsHeard => _stageItems.Enabled || _stageDuration.Enabled || _stageWaitDuration.Enabled;

    /// <summary>Finds the instruments of a factory's meter, or those of the process when there is no factory.</summary>
    public static Instruments Of(IMeterFactory? factory) =>
        factory is null ? s_shared : s_byMeter.GetValue(factory.Create(new MeterOptions(Name)), static meter => new Instruments(meter));

    public void Enter(IObservedRun run)
    {
        lock (_runsGate)
            _runs.Add(run);
    }

    public void Leave(IObservedRun run)
    {
        lock (_runsGate)
            _runs.Remove(run);
    }

    /// <summary>Notes a turn that ended. Never throws: a listener that does is no failure of the item, and no caller on a carrier thread could catch
    /// it.</summary>
    /// <param name="pipeline">The name of the pipeline.</param>
    /// <param name="stage">The name of the stage.</param>
    /// <param name="stampsPerSecond">Time stamps per second of the run's clock.</param>
    /// <param name="items">Items of the turn, 1 or more.</param>
    /// <param name="busy">Time inside the stage's code, in time stamps.</param>
    /// <param name="waited">Time that the items waited before, summed, in time stamps; negative when unknown.</param>
    /// <param name="failed">How many of the items failed.</param>
    /// <param name="error">Why the last of them failed; null when none did.</param>
    public void Record(string pipeline, string stage, long stampsPerSecond, int items, long busy, long waited, int failed, Exception? error)
    {
        if (!_stageItems.Enabled && !_stageDuration.Enabled && waited < 0)
            return;
        try
        {
            RecordAll(Tags(pipeline, stage), stampsPerSecond, items, busy, waited, failed, error);
        }
        catch (Exception)
        {
            // A listener's failure is no failure of the run.
        }
    }

    private void RecordAll(in TagList tags, long stampsPerSecond, int items, long busy, long waited, int failed, Exception? error)
    {
        if (items > failed)
            _stageItems.Add(items - failed, tags);
        if (failed > 0)
        {
            TagList withError = tags;
            withError.Add("error.type", error!.GetType().FullName);
            _stageItems.Add(failed, withError);
        }

        double scale = 1.0 / stampsPerSecond / items;
        if (_stageDuration.Enabled && error is null)
            _stageDuration.Record(busy * scale, tags);
        if (waited >= 0)
            _stageWaitDuration.Record(waited * scale, tags);
    }

    private static TagList Tags(string pipeline, string stage) => new() { { "pipeline.name", pipeline }, { "pipeline.stage.name", stage } };

    private List<Measurement<int>> MeasureQueues()
    {
        IObservedRun[] runs;
        lock (_runsGate)
            runs = [.. _runs];
        List<Measurement<int>> lengths = [];
        foreach (IObservedRun run in runs)
        {
            foreach (StageProgress stage in run.Snapshot().Stages)
                lengths.Add(new Measurement<int>(stage.Waiting, Tags(run.PipelineName, stage.Name)));
        }

        return lengths;
    }
}
