namespace Pipeline.Core.Tests.Runs;

/// <summary>A run without a sink ends its items without turns for them. It must count what a run with a sink counts.</summary>
public sealed class NoSinkTests
{
    private const int Items = 600;

    private static readonly Dictionary<string, Func<StageOrder, StagedPipeline<int, int>>> s_pipelines = new()
    {
        ["chain"] = order => Start(order).Stage("next", static x => x + 1).Build(),
        ["filter"] = order => Start(order).Where("odd", static x => x % 2 == 1, o => o.Order = order).Build(),
        ["failures"] = order => Start(order).Stage(
            "fail",
            static x => x % 7 == 3 ? throw new InvalidOperationException() : x,
            o => (o.Workers, o.Order, o.OnFailure) = (3, order, FailurePolicy.Skip)).Build(),
        ["parts"] = order => Start(order).SelectMany("split", static x => Enumerable.Range(0, x % 4), o => o.Order = order).Build(),
        ["batches"] = order => Start(order).Batch("collect", new BatchOptions { MaxItems = 7 })
            .Stage("sum", static batch => batch.Sum(), o => (o.Workers, o.Order) = (2, order))
            .Build(),
        ["branches"] = order => Start(order).Broadcast(
            "both", o => o.Order = order, b => b.Stage("left", static x => x), b => b.Where("right", static x => x % 3 == 0)).Build(),
        ["join"] = order => Start(order).BroadcastJoin(
            "join",
            [b => b.Stage("left", static x => x), b => b.Stage("right", static x => -x)],
            static results => results.Sum(),
            o => o.Order = order).Build(),
        ["route"] = order => Start(order).Route(
            "route",
            r => r.When(static x => x % 2 == 0, b => b.Stage("even", static x => x)).Otherwise(b => b),
            o => o.Order = order).Build(),
        ["keys"] = order => Start(order).StageByKey(
            "keyed", static x => x % 5, static (x, _) => new ValueTask<int>(x), o => (o.Workers, o.Order) = (3, order)).Build(),
    };

    public static TheoryData<string, StageOrder> Cases =>
        new(s_pipelines.Keys.SelectMany(name => new[] { (name, StageOrder.Input), (name, StageOrder.Completion) }));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task RunAsync_WithoutSink_CountsWhatARunWithOneCounts(string name, StageOrder order)
    {
        StagedPipeline<int, int> pipeline = s_pipelines[name](order);
        RunOptions options = new() { Workers = 4, MaxReportedFailures = 0 };
        RunReport with = await pipeline.RunAsync(Enumerable.Range(0, Items), static (_, _) => default, options).OrHang();
        RunReport without = await pipeline.RunAsync(Enumerable.Range(0, Items), options).OrHang();
        Assert.Equal((RunOutcome.Completed, (long)Items, 0L), (without.Outcome, without.ItemsIn, without.ItemsUnfinished));
        Assert.Equal(
            (with.ItemsCompleted, with.ItemsFailed, with.ItemsSkipped),
            (without.ItemsCompleted, without.ItemsFailed, without.ItemsSkipped));
        Assert.Equal(with.Stages.Select(stage => (stage.Name, stage.Items)), without.Stages.Select(stage => (stage.Name, stage.Items)));
        Assert.Equal(with.Sink!.Items, without.Sink!.Items);
    }

    [Fact]
    public async Task RunAsync_WithoutSinkUnderABudget_GivesTheMemoryBack()
    {
        StagedPipeline<int, Heavy> pipeline = PipelineBuilder.Start<int>("heavy")
            .Stage("make", static x => new Heavy(x), static o => o.Workers = 3)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, Items), new RunOptions { Workers = 3, MemoryBudgetBytes = 50 })
            .OrHang();
        Assert.Equal((long)Items, report.ItemsCompleted);
        Assert.InRange(report.PeakInFlightBytes, 1, 50 + (3 * 9));
    }

    [Fact]
    public async Task Start_WithoutSinkAndAStageThatStopsTheRun_CompletesNothingBehindTheItem()
    {
        const int Thrown = 100, Last = 120;
        TaskCompletionSource othersBegan = new();
        TaskCompletionSource<PipelineRun<int>> started = new();
        int begun = 0;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("stops").Stage("throw", async (x, ct) =>
        {
            if (x > Thrown && Interlocked.Increment(ref begun) == Last - Thrown)
                othersBegan.SetResult();
            if (x == Thrown)
            {
                await othersBegan.Task;
                throw new InvalidOperationException();
            }

            if (x == Last)
            {
                PipelineRun<int> own = await started.Task;
                while (own.Snapshot().ItemsFailed == 0)
                    await Task.Yield();
            }

            return x;
        }, static o => o.Workers = 4).Build();
        PipelineRun<int> run = pipeline.Start(Enumerable.Range(0, Last + 1), sink: null, new RunOptions { Workers = 4 });
        started.SetResult(run);
        await Assert.ThrowsAsync<PipelineStageException>(() => run.Completion.OrHang());
        Assert.InRange(run.Report!.ItemsCompleted, 0, Thrown); // although the last body ended when all results before its own were there
        Assert.Equal((1L, Last - run.Report.ItemsCompleted), (run.Report.ItemsFailed, run.Report.ItemsUnfinished));
    }

    private static PipelineBuilder<int, int> Start(StageOrder order) =>
        PipelineBuilder.Start<int>("without sink").Stage("first", static x => x, o => (o.Workers, o.Order) = (4, order));

    private sealed record Heavy(int Number) : IWeighted
    {
        public long WeightBytes => Number % 10;
    }
}
