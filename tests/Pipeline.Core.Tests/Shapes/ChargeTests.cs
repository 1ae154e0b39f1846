namespace Pipeline.Core.Tests.Shapes;

/// <summary>What items are charged with, and who goes first, where shapes split them and put them together.</summary>
public sealed class ChargeTests
{
    [Fact]
    public async Task SelectMany_AllPartsAreMade_GivesBackWhatTheItemWeighed()
    {
        TaskCompletionSource<PipelineRun<int>> started = new();
        StagedPipeline<TrackedItem, int> pipeline = PipelineBuilder.Start<TrackedItem>("given back")
            .SelectMany("split", static item => new TrackedItem[] { new(0, 30), new(1, 30) })
            .Batch("collect", new BatchOptions { MaxItems = 3 }) // gives out what it has when all is there
            .Stage("look", async (batch, _) => (int)(await started.Task).Snapshot().InFlightBytes + (100 * batch.Count))
            .Build();
        List<int> seen = [];
        PipelineRun<int> run = pipeline.Start([new TrackedItem(0, 1000)], (bytes, _) => { seen.Add(bytes); return default; });
        started.SetResult(run);
        await run.Completion.OrHang();
        Assert.Equal([260], seen);
    }

    [Fact]
    public async Task Route_ItemInABranch_StaysCharged()
    {
        TaskCompletionSource<PipelineRun<int>> started = new();
        StagedPipeline<TrackedItem, int> pipeline = PipelineBuilder.Start<TrackedItem>("routed")
            .Route("kind", routes => routes.When(static _ => true, b => b.Stage("look", async (_, _) => (int)(await started.Task).Snapshot().InFlightBytes)))
            .Build();
        List<int> seen = [];
        PipelineRun<int> run = pipeline.Start([new TrackedItem(0, 50)], (bytes, _) => { seen.Add(bytes); return default; });
        started.SetResult(run);
        await run.Completion.OrHang();
        Assert.Equal([50], seen);
    }

    [Fact]
    public async Task Route_ItemBehindIt_KeepsTheChargeOfItsBranch()
    {
        TaskCompletionSource<PipelineRun<int>> started = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("charged")
            .Route("kind", static routes => routes.When(static _ => true, static b => b.Stage("decode", new Needing(70)))) // the results tell no weight of their own
            .Stage("look", async (_, _) => (int)(await started.Task).Snapshot().InFlightBytes)
            .Build();
        List<int> seen = [];
        PipelineRun<int> run = pipeline.Start([0], (bytes, _) => { seen.Add(bytes); return default; });
        started.SetResult(run);
        await run.Completion.OrHang();
        Assert.Equal([70], seen);
    }

    [Fact]
    public async Task BroadcastJoin_JoiningFunction_FindsItsResultsCharged()
    {
        TaskCompletionSource<PipelineRun<int>> started = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("joined").BroadcastJoin(
            "both",
            static b => b.Stage("small", static x => new TrackedItem(x, 30)),
            static b => b.Stage("large", static x => new TrackedItem(x, 40)),
            (_, _) => (int)started.Task.GetAwaiter().GetResult().Snapshot().InFlightBytes).Build();
        List<int> seen = [];
        PipelineRun<int> run = pipeline.Start([0], (bytes, _) => { seen.Add(bytes); return default; });
        started.SetResult(run);
        await run.Completion.OrHang();
        Assert.Equal([70], seen);
    }

    [Fact]
    public async Task BroadcastJoin_CounterpartOfAWaitingResultFitsNoBudget_GoesFirst()
    {
        // The result of the first item waits for a body that needs more than the budget, while a body for the second item waits for that one: only the oldest
        // item that still works may start now, and a result that only waits must not stand in front of it.
        TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously), large = new(TaskCreationOptions.RunContinuationsAsynchronously);
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("counterparts").BroadcastJoin(
            "both",
            b => b.Stage("quick", async (x, _) =>
            {
                if (x == 1)
                    second.SetResult();
                await (x == 0 ? second.Task : large.Task);
                return x;
            }, static o => o.Workers = 2),
            b => b.Stage("large", new Needing(1000, () => large.TrySetResult())),
            static (quick, large) => quick + large).Build();
        List<int> results = [];
        await pipeline.RunAsync([0, 1], (x, _) => { results.Add(x); return default; }, new RunOptions { Workers = 3, MemoryBudgetBytes = 100 }).OrHang();
        Assert.Equal([0, 2], results);
    }

    /// <summary>Says what each item needs and gives it on.</summary>
    private sealed class Needing(long bytes, Action? begins = null) : IStage<int, int>, IWeightEstimator<int>, IStageWorker<int, int>
    {
        public long EstimateWeightBytes(int item) => bytes;

        public IStageWorker<int, int> CreateWorker(StageWorkerContext context) => this;

        public ValueTask<int> ProcessAsync(int item, CancellationToken cancellationToken)
        {
            begins?.Invoke();
            return new ValueTask<int>(item);
        }

        public ValueTask DisposeAsync() => default;
    }
}
