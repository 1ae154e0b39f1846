namespace Pipeline.Profiling.Tests;

/// <summary>What a run tells the profiler.</summary>
[Collection(Unobserved.Name)]
public sealed class RunReportProfileTests
{
    [Fact]
    public async Task RunAsync_AnyRun_ReportsTheTimesOfItemsWorkersSourceAndSink()
    {
        RunReport report = await Doubling().RunAsync(
            Enumerable.Range(0, 100), static (_, _) =>
                ValueTask.CompletedTask, new RunOptions { Workers = 3, MaxItemsInFlight = 10 }, TestContext.Current.CancellationToken);
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
        RunReport report = await Doubling().RunAsync(
            Enumerable.Range(0, 50), new RunOptions { Workers = 2, RecordTimeline = true }, TestContext.Current.CancellationToken);
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
        RunReport report = await Doubling().RunAsync(
            Enumerable.Range(0, 10_000), new RunOptions { Workers = 2 }, TestContext.Current.CancellationToken);
        Assert.InRange(report.Stages[0].ItemSeconds.Count, 2048, 4096);
        Assert.Equal(report.Stages[0].ItemSeconds.Count, report.Stages[1].ItemSeconds.Count);
    }

    [Fact]
    public async Task RunAsync_WithoutAccounts_GivesTheSameResultsNoTimesAndCannotBeProfiled()
    {
        List<int> results = [];
        RunReport report =
            await Doubling().RunAsync(Enumerable.Range(0, 1000), (x, _) =>
                Add(results, x), new RunOptions { Workers = 3, KeepAccounts = false }, TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(Enumerable.Range(0, 1000).Select(x => 4 * x), results.Order());
        Assert.False(report.HasAccounts);
        Assert.Equal(1000, report.Stages[1].Items);
        Assert.All(report.Stages, s => Assert.Equal(TimeSpan.Zero, s.Busy + s.Starved + s.Blocked + s.Ordering + s.Framework));
        Assert.Empty(report.Stages[0].ItemSeconds);
        Assert.Contains("KeepAccounts", Assert.Throws<ArgumentException>(() => RunAnalyzer.Analyze(report)).Message);

        static ValueTask Add(List<int> list, int value)
        {
            list.Add(value);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public void RunSynchronously_KeptAccounts_TakesTwoTimeStampsPerTurn()
    {
        // Time stamps are most of what keeping accounts costs: one before the body, one after it, which begins the next turn too.
        const int Turns = 4 * 1000; // source, two stages and sink, one item each
        CountingClock clock = new();
        Doubling().RunSynchronously(Enumerable.Range(0, 1000), new RunOptions { TimeProvider = clock });
        Assert.InRange(clock.Stamps, 2 * Turns, (2 * Turns) + 20);
    }

    [Fact]
    public async Task RunAsync_TimelineWithoutAccounts_IsRefused()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            () => Doubling().RunAsync(
                [1], new RunOptions { KeepAccounts = false, RecordTimeline = true }, TestContext.Current.CancellationToken));
        Assert.Contains("KeepAccounts", error.Message);
    }

    [Fact]
    public async Task RunAsync_StageThatWaitsForItsSource_IsStarvedNotBusy()
    {
        // The clock moves only while the source works: three hours before the item comes.
        ManualClock clock = new();
        RunReport report = await PipelineBuilder.Start<int>("starved").Stage("work", x => x, o => o.Workers = 1).Build()
            .RunAsync(Slow(clock), new RunOptions { Workers = 1, TimeProvider = clock }, TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(3, report.Source!.Busy.TotalHours, 1e-9);
        Assert.Equal(3, report.Stages[0].Starved.TotalHours, 1e-9);
        Assert.Equal(TimeSpan.Zero, report.Stages[0].Busy);

        static IEnumerable<int> Slow(ManualClock clock)
        {
            clock.Advance(TimeSpan.FromHours(3));
            yield return 1;
        }
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

    private sealed class CountingClock : TimeProvider
    {
        public long Stamps { get; private set; }

        public override long GetTimestamp() => ++Stamps * (TimestampFrequency / 1000);
    }
}
