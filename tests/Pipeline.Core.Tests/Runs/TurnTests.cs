namespace Pipeline.Core.Tests.Runs;

/// <summary>Which stage a free worker turns to.</summary>
public sealed class TurnTests
{
    /// <summary>Quick stages in front of one that lacks items go first, but only once: here they drop nearly all they get and would go first to the end.</summary>
    [Fact]
    public async Task RunAsync_QuickStagesBeforeOneThatLacksItems_DoNotKeepItWaiting()
    {
        const int Parts = 200_000, Kept = 1000;
        int seen = 0, seenBefore = Parts;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("feeding")
            .SelectMany("give", static _ => Enumerable.Range(0, Parts))
            .Where("pick", part => { seen = part; return part == Kept; }, static o => o.Order = StageOrder.Completion)
            .Stage("work", part => { seenBefore = seen; return part; }, static o => (o.Workers, o.Order) = (2, StageOrder.Completion))
            .Build();

        // One body at a time, and on a clock that stands still all of them count as quick.
        await pipeline.RunAsync([0], new RunOptions { Workers = 1, TimeProvider = new ManualClock() }).OrHang();
        Assert.InRange(seenBefore, Kept, Parts / 10);
    }
}
