using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Xunit;

namespace Pipeline.Core.Tests.Runs;

public sealed class MemoryBudgetTests
{
    [Fact]
    public async Task RunAsync_Estimates_BoundWhatIsInFlight()
    {
        StagedPipeline<int, TrackedItem> pipeline = PipelineBuilder.Start<int>("budget")
            .Stage("decode", new Grow(estimate: 300, result: 200), o => o.Workers = 8)
            .Stage("keep", static async (x, ct) =>
            {
                await Task.Yield();
                return x;
            }, o => o.Workers = 8)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 200), new RunOptions { Workers = 8, MemoryBudgetBytes = 1000 })
            .OrHang();
        Assert.InRange(report.PeakInFlightBytes, 300, 1000);
        Assert.Equal((200L, 0L), (report.ItemsCompleted, report.ItemsOverBudget));
    }

    /// <summary>Items without weight come many at once from the source, so most of them wait in front of the stage that reserves memory for them.</summary>
    [Property(MaxTest = 50)]
    public void RunAsync_SourceThatGivesManyAtOnce_KeepsTheBudget(PositiveInt seed, bool isOrdered)
    {
        int budget = seed.Get * 131 % 3000, workers = 1 + (seed.Get % 5), capacity = 1 + (seed.Get % 64);
        StageOrder order = isOrdered ? StageOrder.Input : StageOrder.Completion;
        StagedPipeline<int, TrackedItem> pipeline = PipelineBuilder.Start<int>("many at once")
            .Stage("decode", new Grow(estimate: 300, result: 200), o => (o.Workers, o.Capacity, o.Order) = (workers, capacity, order))
            .Stage("enlarge", new Regrow(500), o => (o.Workers, o.Capacity, o.Order) = (workers, capacity, order))
            .Build();
        RunReport report = pipeline.RunAsync(Enumerable.Range(0, 100), new RunOptions
        {
            Workers = 1 + workers,
            MemoryBudgetBytes = 1 + budget,
            TimeProvider = new ManualClock()
        }).OrHang().GetAwaiter().GetResult();
        Assert.Equal(100, report.ItemsCompleted);
        Assert.InRange(report.PeakInFlightBytes, 1, 1 + budget + 500); // the oldest item is always admitted
    }

    [Fact]
    public async Task RunAsync_QuickSourceOfWeightedItems_PausesWhenTheBudgetIsUsedUp()
    {
        StagedPipeline<TrackedItem, TrackedItem> pipeline = PipelineBuilder.Start<TrackedItem>("weighted")
            .Stage("keep", static x => x)
            .Build();
        RunReport report = await pipeline.RunAsync(
            Enumerable.Range(0, 500).Select(static n => new TrackedItem(n, 100)),
            new RunOptions { MemoryBudgetBytes = 1000, TimeProvider = new ManualClock() }).OrHang();
        Assert.Equal(500, report.ItemsCompleted);
        Assert.InRange(report.PeakInFlightBytes, 100, 1000);
    }

    [Fact]
    public async Task RunAsync_ItemsLargerThanTheBudget_RunAloneAndAreCounted()
    {
        int now = 0, most = 0;
        StagedPipeline<int, TrackedItem> pipeline = PipelineBuilder.Start<int>("too small")
            .Stage(
                "decode",
                new Grow(700, 700, () => most = Math.Max(most, Interlocked.Increment(ref now)), () => Interlocked.Decrement(ref now)),
                o => o.Workers = 4)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 30), new RunOptions { Workers = 4, MemoryBudgetBytes = 512 })
            .OrHang();
        Assert.Equal((1, 700L, 30L), (most, report.PeakInFlightBytes, report.ItemsOverBudget));
    }

    [Theory]
    [InlineData(StageOrder.Input, StageOrder.Input)]
    [InlineData(StageOrder.Completion, StageOrder.Input)]
    [InlineData(StageOrder.Completion, StageOrder.Completion)]
    public async Task RunAsync_ChargesThatGrowInLaterStages_DoNotDeadlock(StageOrder first, StageOrder second)
    {
        // Every item fits the first stage, then needs nearly the whole budget in the second and third, behind queues of one.
        StagedPipeline<int, TrackedItem> pipeline = PipelineBuilder.Start<int>("growing")
            .Stage("small", new Grow(100, 100), o => (o.Workers, o.Order, o.Capacity) = (4, first, 1))
            .Stage("large", new Regrow(900), o => (o.Workers, o.Order, o.Capacity) = (4, second, 1))
            .Stage("larger", new Regrow(950), o => (o.Workers, o.Order, o.Capacity) = (4, second, 1))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 200), new RunOptions { Workers = 8, MemoryBudgetBytes = 1000 })
            .OrHang();
        Assert.Equal(200, report.ItemsCompleted);
        Assert.InRange(report.PeakInFlightBytes, 1, 1000 + 950);
    }

    [Fact]
    public async Task RunAsync_EstimateThrows_FailsTheItemUnderTheStagesPolicy()
    {
        StagedPipeline<int, TrackedItem> pipeline = PipelineBuilder.Start<int>("unknown size")
            .Stage("decode", new Grow(-1, 1), o => o.OnFailure = FailurePolicy.Skip).Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 5)).OrHang();
        Assert.Equal(5, report.ItemsFailed);
        Assert.All(report.Failures, failure => Assert.IsType<NotSupportedException>(failure.Exception));
    }

    [Theory]
    [InlineData(StageOrder.Input, StageOrder.Input)]
    [InlineData(StageOrder.Completion, StageOrder.Input)]
    [InlineData(StageOrder.Input, StageOrder.Completion)]
    [InlineData(StageOrder.Completion, StageOrder.Completion)]
    public async Task SelectMany_WeightedParts_AreMadeWhileThereIsBudget(StageOrder before, StageOrder order)
    {
        const int Workers = 3;
        int made = 0;
        TaskCompletionSource isUsedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
        StagedPipeline<int, TrackedItem> pipeline = PipelineBuilder.Start<int>("parts")
            .Stage("mix", static async (x, ct) =>
            {
                await Task.Yield();
                return x;
            }, o => (o.Workers, o.Order) = (4, before))
            .SelectMany("split", _ => Enumerable.Range(0, 100).Select(Make), o => (o.Workers, o.Order) = (Workers, order))
            .Stage("work", async (x, ct) =>
            {
                await isUsedUp.Task;
                return x;
            }, o => (o.Workers, o.Capacity) = (2, 16))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 20), new RunOptions { Workers = 4, MemoryBudgetBytes = 1000 })
            .OrHang();
        Assert.Equal(20, report.ItemsCompleted);
        // what a part weighs is known when it is made, and charged when its turn ends
        Assert.InRange(report.PeakInFlightBytes, 1000 - (Workers * 100), 1000 + (Workers * 100));

        // Nothing goes on until as many parts are made as fit.
        TrackedItem Make(int n)
        {
            if (Interlocked.Increment(ref made) == 1000 / 100)
                isUsedUp.TrySetResult();
            return new TrackedItem(n, 100);
        }
    }

    [Theory]
    [InlineData(0)] // all parts go on one by one
    [InlineData(10)] // a batch needs more of them than the budget holds
    public async Task SelectMany_BudgetIsUsedUpWhileTheSourceWaits_GoesOn(int batch)
    {
        // Item 0 comes last to the one worker that splits, and what waits there fills the budget.
        const int Items = 5, Parts = 20;
        TaskCompletionSource others = new(), all = new(
            TaskCreationOptions.RunContinuationsAsynchronously), sourceWaits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int given = 0, grown = 0;
        async IAsyncEnumerable<int> Source([EnumeratorCancellation] CancellationToken stop = default)
        {
            for (int i = 0; i < Items; i++)
                yield return i;
            sourceWaits.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
        }

        async IAsyncEnumerable<TrackedItem> Split(TrackedItem item)
        {
            await sourceWaits.Task;
            for (int n = 0; n < Parts; n++)
                yield return new TrackedItem(n, 100);
        }

        PipelineBuilder<int, TrackedItem> builder = PipelineBuilder.Start<int>("parts")
            .Stage("grow", async (x, ct) =>
            {
                await sourceWaits.Task;
                if (x == 0)
                    await others.Task;
                else if (Interlocked.Increment(ref grown) == Items - 1)
                    others.SetResult();
                return new TrackedItem(x, 300);
            }, o => (o.Workers, o.Order) = (Items, StageOrder.Completion))
            .SelectMany("split", Split, o => o.Workers = 1);
        if (batch > 0)
            builder = builder.Batch("collect", new BatchOptions { MaxItems = batch }).SelectMany("give", static items => items);
        PipelineRun<TrackedItem> run = builder.Build().Start(Source(), (_, _) =>
        {
            if (++given == Items * Parts)
                all.SetResult();
            return default;
        }, new RunOptions { Workers = Items + 1, MemoryBudgetBytes = 1000 });
        await all.Task.OrHang();
        run.Drain();
        await run.Completion.OrHang();
    }

    [Theory]
    [InlineData(StageOrder.Input)]
    [InlineData(StageOrder.Completion)]
    public async Task StartPush_BatchHoldsTheMemoryWhileTheSourceWaits_GivesItOut(StageOrder order)
    {
        // Two items fit the budget and wait in a batch for a third, which waits for their memory. The source gives nothing more meanwhile.
        TaskCompletionSource<int[]> first = new();
        StagedPipeline<int, int[]> pipeline = PipelineBuilder.Start<int>("waiting source")
            .Stage("make", new Grow(40, 40), o => (o.Workers, o.Order) = (3, order))
            .Batch("collect", new BatchOptions { MaxItems = 3 })
            .Stage("give", static batch => batch.Select(static item => item.Number).ToArray())
            .Build();
        PipelineRun<int[]> run = pipeline.StartPush(out PipelineInput<int> input, (items, _) =>
        {
            first.TrySetResult(items);
            return default;
        }, new RunOptions { Workers = 3, MemoryBudgetBytes = 100 });
        for (int item = 0; item < 3; item++)
            await input.WriteAsync(item).AsTask().OrHang();
        Assert.Equal([0, 1], (await first.Task.OrHang()).Order());
        input.Complete();
        RunReport report = await run.Completion.OrHang();
        Assert.Equal((3L, 80L), (report.ItemsCompleted, report.PeakInFlightBytes));
    }

    [Fact]
    public async Task RunAsync_EstimateWithoutBound_RunsAlone()
    {
        const int Items = 4;
        int now = 0, most = 0, inside = 0;
        TaskCompletionSource allInside = new(TaskCreationOptions.RunContinuationsAsynchronously);
        StagedPipeline<int, TrackedItem> pipeline = PipelineBuilder.Start<int>("unbounded")
            .Stage("meet", async (x, ct) =>
            {
                if (Interlocked.Increment(ref inside) == Items)
                    allInside.SetResult();
                await allInside.Task;
                return x;
            }, o => o.Workers = Items)
            .Stage("decode", new Grow(long.MaxValue, 700, () => most = Math.Max(most, Interlocked.Increment(ref now)), () =>
                Interlocked.Decrement(ref now)), o => o.Workers = Items)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, Items), new RunOptions { Workers = Items, MemoryBudgetBytes = 512 })
            .OrHang();
        Assert.Equal((1, 4L, 4L), (most, report.ItemsOverBudget, report.ItemsCompleted));
        Assert.InRange(report.PeakInFlightBytes, 512, long.MaxValue);
    }

    [Fact]
    public async Task StreamAsync_LastResultIsTakenWhileNothingFitsTheBudget_GoesOn()
    {
        // Item 3 comes before item 2, has the same key and fits no budget: the run admits it when nothing else can start. That it leaves to the consumer
        // while a result waits for it, so it must look again when that is taken.
        TaskCompletionSource overtaken =
            new(TaskCreationOptions.RunContinuationsAsynchronously), stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("streamed")
            .Stage("mix", async (x, _) =>
            {
                if (x == 2)
                    await overtaken.Task;
                else if (x == 3)
                    overtaken.SetResult();
                return x;
            }, static o => (o.Workers, o.Order) = (2, StageOrder.Completion))
            .StageByKey("heavy", static _ => 0, new Heavy(), static o => o.Workers = 2)
            .Build();
        RunOptions options = new()
        {
            Workers = 4,
            MemoryBudgetBytes = 10,
            ProgressInterval = TimeSpan.FromMilliseconds(10),
            Progress = new Receiver(progress =>
            {
                if (progress.Stages is [{ Active: 0 }, { Active: 0, Waiting: 2, Completed: 2 }])
                    stuck.TrySetResult();
            }),
        };
        IAsyncEnumerator<int> results = pipeline.StreamAsync(Enumerable.Range(0, 4), options).GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync().AsTask().OrHang());
        await stuck.Task.OrHang();
        for (int taken = 1; taken < 4; taken++)
            Assert.True(await results.MoveNextAsync().AsTask().OrHang());
        Assert.False(await results.MoveNextAsync().AsTask().OrHang());
        await results.DisposeAsync();
    }

    /// <summary>Makes an item of a weight after it announced another; notes how many are alive.</summary>
    private sealed class Grow(
        long estimate,
        long result,
        Action? enter = null,
        Action? leave = null) : IStage<int, TrackedItem>, IWeightEstimator<int>, IStageWorker<int, TrackedItem>
    {
        public long EstimateWeightBytes(int item) => estimate >= 0 ? estimate : throw new NotSupportedException();

        public IStageWorker<int, TrackedItem> CreateWorker(StageWorkerContext context) => this;

        public async ValueTask<TrackedItem> ProcessAsync(int item, CancellationToken cancellationToken)
        {
            enter?.Invoke();
            await Task.Yield();
            leave?.Invoke();
            return new TrackedItem(item, result);
        }

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Regrow(long weight)
        : IStage<TrackedItem, TrackedItem>, IWeightEstimator<TrackedItem>, IStageWorker<TrackedItem, TrackedItem>
    {
        public long EstimateWeightBytes(TrackedItem item) => weight;

        public IStageWorker<TrackedItem, TrackedItem> CreateWorker(StageWorkerContext context) => this;

        public async ValueTask<TrackedItem> ProcessAsync(TrackedItem item, CancellationToken cancellationToken)
        {
            for (int i = item.Number % 5; i > 0; i--)
                await Task.Yield();
            item.Dispose();
            return new TrackedItem(item.Number, weight);
        }

        public ValueTask DisposeAsync() => default;
    }

    /// <summary>Needs more than the budget from item 2 on.</summary>
    private sealed class Heavy : IStage<int, int>, IWeightEstimator<int>, IStageWorker<int, int>
    {
        public long EstimateWeightBytes(int item) => item < 2 ? 0 : 20;

        public IStageWorker<int, int> CreateWorker(StageWorkerContext context) => this;

        public ValueTask<int> ProcessAsync(int item, CancellationToken cancellationToken) => new(item);

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Receiver(Action<RunProgress> receive) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => receive(value);
    }
}
