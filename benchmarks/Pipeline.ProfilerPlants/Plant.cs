using Pipeline.Core;
using Pipeline.Profiling;

namespace Pipeline.ProfilerPlants;

/// <summary>A pipeline of timed waits with a known bottleneck. Waits overlap on any machine, so 32 workers need no 32 cores.</summary>
internal sealed class Plant
{
    private const int Tries = 3;
    private readonly List<PlantStage> _stages = [];

    public Plant(string name, int items) => (Name, Items) = (name, items);

    public string Name { get; }

    public int Items { get; set; }

    public int SourceMilliseconds { get; set; }

    public int SinkMilliseconds { get; set; }

    public IList<PlantStage> Stages => _stages;

    public Plant Stage(string name, int? workers, int milliseconds, int capacity = 64, StageOrder order = StageOrder.Completion) =>
        Stage(new PlantStage(name, workers, _ => milliseconds) { Capacity = capacity, Order = order });

    public Plant Stage(PlantStage stage)
    {
        _stages.Add(stage);
        return this;
    }

    /// <summary>Gets how many runs were made again because the machine was too busy to wait as planted.</summary>
    public static int Repeated { get; private set; }

    /// <summary>Gets how many runs count although the machine was too busy in every try.</summary>
    public static int KeptDisturbed { get; private set; }

    /// <summary>Runs the plant; a run whose waits were not what was planted says nothing about the profiler and is made again.</summary>
    public async Task<RunReport> RunAsync(int workers)
    {
        for (int left = Tries - 1; ; left--)
        {
            RunReport report = await RunOnceAsync(workers);
            bool isDisturbed = IsDisturbed(report);
            if (!isDisturbed || left == 0)
            {
                KeptDisturbed += isDisturbed ? 1 : 0;
                return report;
            }

            Repeated++;
        }
    }

    /// <summary>A wait lasts some tenths of a millisecond longer than it was asked to; waits that are 3 % and half a millisecond longer on average were held
    /// up.</summary>
    private bool IsDisturbed(RunReport report) => _stages.Zip(report.Stages).Any(pair =>
    {
        double planted = Enumerable.Range(0, Items).Sum(i => pair.First.Milliseconds(i));
        return planted > 0 && pair.First.Section is null && pair.First.FirstWorkerSlowness == 1
            && pair.Second.Busy.TotalMilliseconds > (1.03 * planted) + (0.5 * Items);
    });

    private async Task<RunReport> RunOnceAsync(int workers)
    {
        PipelineBuilder<int, int> builder = PipelineBuilder.Start<int>(Name);
        foreach (PlantStage stage in _stages)
        {
            builder = builder.Stage(stage.Name, stage, o =>
            {
                o.Workers = stage.Workers;
                o.Capacity = stage.Capacity;
                o.Order = stage.Order;
            });
        }

        return await builder.Build().RunAsync(Source(), Sink, new RunOptions { Workers = workers });
    }

    public async Task<RunReport> MedianAsync(int workers, int runs = 3)
    {
        List<RunReport> reports = [];
        for (int i = 0; i < runs; i++)
            reports.Add(await RunAsync(workers));
        return reports.OrderBy(r => r.Elapsed).ElementAt(runs / 2);
    }

    public IReadOnlyList<SerialSection> Sections() => [.. _stages.Where(s => s.Section is not null).Select(s => s.Section!)];

    private IEnumerable<int> Source()
    {
        for (int i = 0; i < Items; i++)
        {
            if (SourceMilliseconds > 0)
                Thread.Sleep(SourceMilliseconds);
            yield return i;
        }
    }

    private ValueTask Sink(int item, CancellationToken cancellationToken)
    {
        if (SinkMilliseconds > 0)
            Thread.Sleep(SinkMilliseconds);
        return ValueTask.CompletedTask;
    }
}
