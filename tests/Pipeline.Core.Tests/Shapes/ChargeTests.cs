namespace Pipeline.Core.Tests.Shapes;

/// <summary>What items are charged with, and who goes first, where shapes split them and put them together.</summary>
public sealed class ChargeTests
{
    [Fact]
    public async Task SelectMany_AllPartsAreMade_GivesBackWhatTheItemWeighed() =>
        Assert.Equal([260], await RunAsync(new TrackedItem(0, 1000), static charged => PipelineBuilder.Start<TrackedItem>("given back")
            .SelectMany("split", static item => new TrackedItem[] { new(0, 30), new(1, 30) })
            .Batch("collect", new BatchOptions { MaxItems = 3 }) // gives out what it has when all is there
            .Stage("look", async (batch, _) => await charged() + (100 * batch.Count))
            .Build()));

    [Fact]
    public async Task Route_ItemInABranch_StaysCharged() =>
        Assert.Equal([50], await RunAsync(new TrackedItem(0, 50), static charged => PipelineBuilder.Start<TrackedItem>("routed")
            .Route("kind", routes => routes.When(static _ => true, b => b.Stage("look", async (_, _) => await charged())))
            .Build()));

    [Fact]
    public async Task Route_ItemBehindIt_KeepsTheChargeOfItsBranch() =>
        Assert.Equal([70], await RunAsync(0, static charged => PipelineBuilder.Start<int>("charged")
            // the results tell no weight of their own
            .Route("kind", static routes => routes.When(static _ => true, static b => b.Stage("decode", new Needing(70))))
            .Stage("look", async (_, _) => await charged())
            .Build()));

    [Fact]
    public async Task BroadcastJoin_JoiningFunction_FindsItsResultsCharged() =>
        Assert.Equal([70], await RunAsync(0, static charged => PipelineBuilder.Start<int>("joined").BroadcastJoin(
            "both",
            static b => b.Stage("small", static x => new TrackedItem(x, 30)),
            static b => b.Stage("large", static x => new TrackedItem(x, 40)),
            (_, _) => charged().GetAwaiter().GetResult()).Build()));

    [Fact]
    public async Task BroadcastJoin_CounterpartOfAWaitingResultFitsNoBudget_GoesFirst()
    {
        // The result of the first item waits for a body that needs more than the budget, while a body for the second item waits for that one: only the oldest
        // item that still works may start now, and a result that only waits must not stand in front of it.
        TaskCompletionSource second =
            new(TaskCreationOptions.RunContinuationsAsynchronously), large = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
        await pipeline.RunAsync([0, 1], (x, _) =>
        {
            results.Add(x);
            return default;
        }, new RunOptions { Workers = 3, MemoryBudgetBytes = 100 }).OrHang();
        Assert.Equal([0, 2], results);
    }

    /// <summary>Runs a definition on one item and gives its results. Bodies may ask how many bytes the run counts.</summary>
    private static async Task<List<int>> RunAsync<TIn>(TIn item, Func<Func<Task<int>>, StagedPipeline<TIn, int>> define)
    {
        TaskCompletionSource<PipelineRun<int>> started = new();
        StagedPipeline<TIn, int> pipeline = define(async () => (int)(await started.Task).Snapshot().InFlightBytes);
        List<int> results = [];
        PipelineRun<int> run = pipeline.Start([item], (bytes, _) =>
        {
            results.Add(bytes);
            return default;
        });
        started.SetResult(run);
        await run.Completion.OrHang();
        return results;
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
