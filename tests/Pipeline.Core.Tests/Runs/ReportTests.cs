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
            .Stage("wait", static async (x, ct) => { await Task.Yield(); return x; }, o => (o.Workers, o.Capacity) = (3, 1))
            .Stage("last", Spin, o => (o.Workers, o.Order) = (2, StageOrder.Completion))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 2000), new RunOptions { Workers = 2 }).OrHang();
        foreach (StageReport stage in report.Stages)
        {
            TimeSpan sum = stage.Busy + stage.Starved + stage.Blocked + stage.Ordering + stage.Framework;
            TimeSpan wall = stage.Workers * report.Elapsed;
            Assert.InRange(sum / wall, 0.99, 1.01);
            Assert.True(stage.Busy > TimeSpan.Zero && stage.Framework >= TimeSpan.Zero && stage.BlockedByAdmission <= stage.Blocked, stage.ToString());
        }
    }

    [Fact]
    public async Task Stages_PeakQueueLength_StaysWithinTheCapacity()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("queues")
            .Stage("fast", static x => x, o => o.Workers = 4)
            .Stage("slow", static async (x, ct) => { await Task.Yield(); return x; }, o => (o.Workers, o.Capacity) = (1, 5))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 500), new RunOptions { Workers = 4 }).OrHang();
        Assert.InRange(report.Stages[1].PeakQueueLength, 1, 5);
    }

    private static int Spin(int x)
    {
        Thread.SpinWait(200);
        return x;
    }
}
