namespace Pipeline.Core.Tests.Runs;

public sealed class ReportTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Stages_TimesOfAllKinds_AddUpToWorkersTimesElapsed(int workers)
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("accounts")
            .Stage("spin", Spin, o => o.Workers = workers)
            .Stage("wait", static async (x, ct) =>
            {
                await Task.Yield();
                return x;
            }, o => (o.Workers, o.Capacity) = (3, 1))
            .Stage("last", Spin, o => (o.Workers, o.Order) = (2, StageOrder.Completion))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 2000), new RunOptions { Workers = 2 }).OrHang();
        foreach (StageReport stage in report.Stages)
        {
            TimeSpan sum = stage.Busy + stage.Starved + stage.Blocked + stage.Ordering + stage.Framework;
            TimeSpan wall = stage.Workers * report.Elapsed;
            Assert.InRange(sum / wall, 0.99, 1.01);
            Assert.True(
                stage.Busy > TimeSpan.Zero && stage.Framework >= TimeSpan.Zero && stage.BlockedByAdmission <= stage.Blocked,
                stage.ToString());
        }
    }

    [Fact]
    public async Task Stages_PeakQueueLength_StaysWithinTheCapacity()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("queues")
            .Stage("fast", static x => x, o => o.Workers = 4)
            .Stage("slow", static async (x, ct) =>
            {
                await Task.Yield();
                return x;
            }, o => (o.Workers, o.Capacity) = (1, 5))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 500), new RunOptions { Workers = 4 }).OrHang();
        Assert.InRange(report.Stages[1].PeakQueueLength, 1, 5);
    }

    [Fact]
    public async Task Sink_Capacity_IsThatOfTheLastStageUnlessABatchStandsThere()
    {
        PipelineBuilder<int, int> stage = PipelineBuilder.Start<int>("ends").Stage("stage", static x => x, static o => o.Capacity = 1000);
        RunReport ofStage = await stage.Build().RunAsync([0]).OrHang();
        RunReport ofBatch = await stage.Batch("batch", new BatchOptions { Capacity = 1000 }).Build().RunAsync([0]).OrHang();
        Assert.Equal((1000, 64), (ofStage.Sink!.Capacity, ofBatch.Sink!.Capacity)); // a thousand batches would be a hundred thousand items
    }

    [Theory]
    [InlineData(1, 20_000, 1, 0)] // all parts have the number of their item
    [InlineData(8_000, 8, 1, 0)]
    [InlineData(50_000, 1, 8, 0)] // every eighth number comes this far
    [InlineData(50_000, 1, 8, 3)]
    [InlineData(20_000, 1, 1, 0)]
    public async Task ItemSeconds_NumbersThatRepeatOrLeaveGaps_StayWithinTheirMost(int items, int parts, int every, int remainder)
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("observed")
            .Where("some", x => x % every == remainder)
            .SelectMany("split", _ => Enumerable.Range(0, parts))
            .Stage("work", static x => x)
            .Build();
        // with a budget, a turn takes one item
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, items), new RunOptions { MemoryBudgetBytes = 1 }).OrHang();
        Assert.All(report.Stages, static stage => Assert.InRange(stage.ItemSeconds.Count, 1, 4096));
        Assert.Equal(items / every * parts, report.Stages[2].WorkerTotals.Sum(static worker => worker.Items));
    }

    [Theory]
    [InlineData(0, 1_000, 1)]
    [InlineData(20_000, 20_000, 1)] // more than are kept
    [InlineData(0, 48_000, 16)] // numbers that lie far apart
    public async Task ItemSeconds_FirstItemEndsLast_StandInTheOrderOfTheSource(int first, int items, int every)
    {
        ManualClock clock = new();
        using ManualResetEventSlim othersEnded = new();
        int ended = 0;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("late").Where("some", x => x >= first && x % every == 0)
            .Stage("work", Work, static o => (o.Workers, o.Order) = (2, StageOrder.Completion)).Build();
        // with a budget, a turn takes one item
        RunReport report = await pipeline.RunAsync(
            Enumerable.Range(0, first + items),
            new RunOptions { Workers = 3, MemoryBudgetBytes = 1L << 30, TimeProvider = clock }).OrHang();
        IReadOnlyList<double> seconds = report.Stages[1].ItemSeconds;
        Assert.InRange(seconds.Count, 1000, 4096);
        Assert.All(seconds.Skip(1), time => Assert.True(time < seconds[0]));
        Assert.All(seconds.Skip(1).Zip(seconds.Skip(2)), static pair => Assert.True(pair.First < pair.Second));

        int Work(int x)
        {
            if (x == first)
                Assert.True(othersEnded.Wait(Limits.Hang));
            else
                clock.Advance(TimeSpan.FromTicks(x));
            if (Interlocked.Increment(ref ended) == (items / every) - 1)
                othersEnded.Set();
            return x;
        }
    }

    private static int Spin(int x)
    {
        Thread.SpinWait(200);
        return x;
    }
}
