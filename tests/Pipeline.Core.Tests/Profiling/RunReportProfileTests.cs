namespace Pipeline.Core.Tests.Profiling;

/// <summary>What a run tells the profiler.</summary>
public sealed class RunReportProfileTests
{
    [Fact]
    public async Task RunAsync_AnyRun_ReportsTheTimesOfItemsWorkersSourceAndSink()
    {
        RunReport report = await Doubling().RunAsync(Enumerable.Range(0, 100), static (_, _) => ValueTask.CompletedTask, new RunOptions { Workers = 3, MaxItemsInFlight = 10 }, TestContext.Current.CancellationToken);
        Assert.Equal(3, report.Workers);
        Assert.Equal(10, report.MaxItemsInFlight);
        Assert.Equal(100, report.Source!.Items);
        Assert.Equal(100, report.Sink!.Items);
        StageReport free = report.Stages[0];
        Assert.Equal(100, free.ItemSeconds.Count);
        Assert.Equal(free.Busy.TotalSeconds, free.ItemSeconds.Sum(), 1e-3);
        Assert.Equal(100, free.WorkerTotals.Sum(w => w.Items));
        Assert.True(free.FollowsRunWorkers);
        StageReport fixedStage = report.Stages[1];
        Assert.False(fixedStage.FollowsRunWorkers);
        Assert.Equal(7, fixedStage.Capacity);
        Assert.Equal(StageOrder.Completion, fixedStage.Order);
        Assert.Empty(report.Timeline);
    }

    [Fact]
    public async Task RunAsync_RecordTimeline_KeepsEveryTurnAndNoWorkerDoesTwoAtOnce()
    {
        RunReport report = await Doubling().RunAsync(Enumerable.Range(0, 50), new RunOptions { Workers = 2, RecordTimeline = true }, TestContext.Current.CancellationToken);
        Assert.Equal(50, report.Timeline.Count(t => t.Stage == "double"));
        Assert.All(report.Timeline, t => Assert.True(t.Start <= t.End && t.End <= report.Elapsed));
        foreach (IGrouping<(string, int), TimelineEntry> worker in report.Timeline.GroupBy(t => (t.Stage, t.Worker)))
        {
            TimelineEntry[] turns = [.. worker.OrderBy(t => t.Start)];
            Assert.All(turns.Zip(turns.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
        }
    }

    [Fact]
    public async Task RunAsync_MoreItemsThanAreKept_KeepsEvenlySpreadOnes()
    {
        RunReport report = await Doubling().RunAsync(Enumerable.Range(0, 10_000), new RunOptions { Workers = 2 }, TestContext.Current.CancellationToken);
        Assert.InRange(report.Stages[0].ItemSeconds.Count, 2048, 4096);
        Assert.Equal(report.Stages[0].ItemSeconds.Count, report.Stages[1].ItemSeconds.Count);
    }

    private static StagedPipeline<int, int> Doubling() => PipelineBuilder.Start<int>("doubling")
        .Stage("double", x => 2 * x)
        .Stage("again", x => 2 * x, o =>
        {
            o.Workers = 1;
            o.Capacity = 7;
            o.Order = StageOrder.Completion;
        })
        .Build();
}
