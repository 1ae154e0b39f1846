namespace Pipeline.Profiling;

/// <summary>Builds the simulation model of a measured run.</summary>
public static class RunModel
{
    /// <summary>The name under which the sink appears among the stages of a model.</summary>
    public const string SinkName = "sink";

    private const double ClearlySlower = 1.5;
    private const int FewestItemsOfWorker = 3;

    /// <summary>Builds the model.</summary>
    /// <param name="report">A run that finished at least one item.</param>
    /// <param name="sections">The serial sections of the run; null for none.</param>
    /// <returns>A model with the measured times of every stage, its capacities, orders and workers.</returns>
    /// <exception cref="ArgumentException">The run finished no item.</exception>
    public static PipelineModel Of(RunReport report, IReadOnlyList<SerialSection>? sections = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.ItemsCompleted < 1 || report.Stages.Count == 0)
            throw new ArgumentException($"The run of '{report.PipelineName}' finished no item, so there is no stage time to learn from. "
                + $"Profile a run that finishes items.", nameof(report));
        if (!report.HasAccounts)
            throw new ArgumentException($"The run of '{report.PipelineName}' kept no accounts, so nothing is known about its stages. "
                + $"Set RunOptions.KeepAccounts and run it again.", nameof(report));
        List<StageModel> stages = [.. report.Stages.Select(s => StageOf(s, report, sections ?? []))];
        if (report.Sink is { } sink)
            stages.Add(
                StageOf(sink, report, []) with
                {
                    Name = NameOfSink(
                    report),
                    Workers = sink.Workers,
                    FollowsRunWorkers = false,
                    NeedsProcessor = false
                });
        return new PipelineModel(stages, report.ItemsIn)
        {
            SourceTimes = report.Source is { Items: > 0 } source ? TimesOf(source, 1, 0) : StageTimes.Constant(0),
            Workers = report.Workers > 0 ? report.Workers : null,
            MeasuredWorkers = Math.Max(1, report.Workers),
            Processors = Math.Max(1, report.Processors),
            BackgroundSeconds = BackgroundOf(report).TotalSeconds / report.ItemsIn,
            MaxItemsInFlight = report.MaxItemsInFlight,
        };
    }

    /// <summary>The share of the bodies' time in which the process computed; 0 where the platform does not tell processor time.</summary>
    internal static double ComputingShare(RunReport report)
    {
        double busy = Parts(report).Sum(s => s.Busy.TotalSeconds);
        return busy > 0 ? Math.Min(1, report.ProcessorTime.TotalSeconds / busy) : 0;
    }

    /// <summary>What the process computed beside the bodies, at least: bodies may have computed all the time that they were busy.</summary>
    private static TimeSpan BackgroundOf(RunReport report)
    {
        TimeSpan background = report.ProcessorTime - new TimeSpan(Parts(report).Sum(s => (s.Busy + s.Framework).Ticks));
        return background > TimeSpan.Zero ? background : TimeSpan.Zero;
    }

    /// <summary>Source, stages and sink.</summary>
    internal static IEnumerable<StageReport> Parts(RunReport report) =>
        report.Stages.Prepend(report.Source).Append(report.Sink).OfType<StageReport>();

    internal static string NameOfSink(RunReport report) => report.Stages.Any(s => s.Name == SinkName) ? "(sink)" : SinkName;

    private static StageModel StageOf(StageReport stage, RunReport report, IReadOnlyList<SerialSection> sections)
    {
        double visits = stage.Items / (double)report.ItemsIn;
        SerialSection[] own = [.. sections.Where(s => s.Stage == stage.Name)];
        double inSections = own.Sum(s => (s.Held + s.Waited).TotalSeconds);
        IReadOnlyList<double> slowness = SlownessOf(stage);
        return new StageModel(
            stage.Name, stage.Workers, slowness.Count > 0 ? FastTimesOf(stage, visits) : TimesOf(stage, visits, inSections))
        {
            Capacity = stage.Capacity,
            Order = stage.Order,
            FollowsRunWorkers = stage.FollowsRunWorkers,
            HopSeconds = stage.Framework.TotalSeconds / report.ItemsIn,
            SectionSeconds = own.Sum(s => s.Held.TotalSeconds) / report.ItemsIn,
            WorkerSlowness = slowness,
        };
    }

    private static StageTimes TimesOf(StageReport stage, double visits, double secondsInSections)
    {
        double mean = stage.Items == 0 ? 0 : Math.Max(0, stage.Busy.TotalSeconds - secondsInSections) / stage.Items;
        if (stage.ItemSeconds.Count == 0)
            return StageTimes.Constant(mean * visits);
        double sampled = stage.ItemSeconds.Average();
        return StageTimes.Measured(stage.ItemSeconds).Scaled(sampled > 0 ? mean * visits / sampled : 0);
    }

    /// <summary>With one worker clearly slower, the single times cannot be told apart by worker; the fast workers' mean stands for all.</summary>
    private static StageTimes FastTimesOf(StageReport stage, double visits) => StageTimes.Constant(FastMeanOf(stage) * visits);

    private static double FastMeanOf(StageReport stage) =>
        Quantile.Median(stage.WorkerTotals.Where(w => w.Items > 0).Select(w => w.Busy.TotalSeconds / w.Items));

    private static IReadOnlyList<double> SlownessOf(StageReport stage)
    {
        WorkerTotal[] totals = [.. stage.WorkerTotals];
        if (totals.Length < 3 || totals.Any(w => w.Items < FewestItemsOfWorker))
            return [];
        double fast = FastMeanOf(stage);
        double[] slowness = [.. totals.Select(w => w.Busy.TotalSeconds / w.Items / fast)];

        // The spread of single items explains moderate differences; one worker out of line does not come from items.
        double[] times = [.. stage.ItemSeconds];
        double mean = times.Length == 0 ? fast : times.Average();
        double deviation = times.Length < 2 ? 0 : Math.Sqrt(times.Sum(t => (t - mean) * (t - mean)) / (times.Length - 1));
        bool outOfLine = fast > 0
            && totals.Zip(slowness).Any(p => p.Second > ClearlySlower && (p.Second - 1) * fast > 3 * deviation / Math.Sqrt(p.First.Items));
        return outOfLine ? [.. slowness.Select(s => s > ClearlySlower ? s : 1)] : [];
    }
}
