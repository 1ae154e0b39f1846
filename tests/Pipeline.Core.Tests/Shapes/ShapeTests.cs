using System.Collections.Concurrent;

namespace Pipeline.Core.Tests.Shapes;

public sealed class ShapeTests
{
    [Fact]
    public async Task Where_DroppedItems_AreSkippedAndDisposed()
    {
        StrongBoxOfItems items = new();
        List<int> kept = [];
        StagedPipeline<TrackedItem, TrackedItem> pipeline = PipelineBuilder.Start<TrackedItem>("filter")
            .Where("even", static x => x.Number % 2 == 0, o => o.Workers = 4)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 100).Select(n => items.New(n)), (x, _) =>
        {
            kept.Add(x.Number);
            return default;
        }).OrHang();
        Assert.Equal(Enumerable.Range(0, 50).Select(x => x * 2), kept);
        Assert.Equal((50L, 50L), (report.ItemsCompleted, report.ItemsSkipped));
        Assert.All(items.All, item => Assert.Equal(item.Number % 2, item.Disposals));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 8)]
    public async Task SelectMany_InputOrder_KeepsTheOrderOfItemsAndParts(int workers, int capacity)
    {
        List<int> results = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("split")
            .SelectMany(
                "parts",
                static x => Enumerable.Range(0, x % 5).Select(part => (x * 10) + part),
                o => (o.Workers, o.Capacity) = (workers, capacity))
            .Stage("same", static async (x, ct) =>
            {
                await Task.Yield();
                return x;
            }, o => (o.Workers, o.Capacity) = (3, capacity))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 200), (x, _) =>
        {
            results.Add(x);
            return default;
        }).OrHang();
        Assert.Equal(Enumerable.Range(0, 200).SelectMany(x => Enumerable.Range(0, x % 5).Select(part => (x * 10) + part)), results);
        Assert.Equal((200L, 160L, 40L), (report.ItemsIn, report.ItemsCompleted, report.ItemsSkipped));
    }

    [Fact]
    public async Task SelectMany_AsyncPartsInCompletionOrder_GivesAllOnce()
    {
        static async IAsyncEnumerable<int> Parts(int x)
        {
            for (int i = 0; i < 3; i++)
            {
                await Task.Yield();
                yield return (x * 3) + i;
            }
        }

        List<int> results = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("split")
            .SelectMany("parts", Parts, o => (o.Workers, o.Order) = (5, StageOrder.Completion))
            .Build();
        await pipeline.RunAsync(Enumerable.Range(0, 100), (x, _) =>
        {
            results.Add(x);
            return default;
        }).OrHang();
        Assert.Equal(Enumerable.Range(0, 300), results.Order());
    }

    [Fact]
    public async Task SelectMany_PartsFindRoomWhenNothingElseMayStart_AreWorkedOn()
    {
        const int Parts = 45;
        static async IAsyncEnumerable<int> Split(int x)
        {
            for (int i = 0; i < Parts; i++)
            {
                if (x == 0 && i % 2 == 0)
                    await Task.Yield(); // so the other item's parts are made meanwhile and wait behind these
                yield return (x * Parts) + i;
            }
        }

        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("split")
            .SelectMany("parts", Split, static o => o.Workers = 2)
            .Stage("same", static x => x, static o => (o.Workers, o.Capacity) = (1, 3))
            .Build();
        for (int run = 0; run < 1000; run++) // it depends on who is first
        {
            List<int> results = [];
            await pipeline.RunAsync([0, 1], (x, _) =>
            {
                results.Add(x);
                return default;
            }, new RunOptions { Workers = 2 }).OrHang();
            Assert.Equal(Enumerable.Range(0, 2 * Parts), results);
        }
    }

    [Fact]
    public async Task SelectMany_OnePartFails_FailsItsItemOnce()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("split")
            .SelectMany("parts", static x => Enumerable.Range(x * 4, 4))
            .Stage("work", static x => x is 5 or 6 ? throw new FormatException() : x, o => o.OnFailure = FailurePolicy.Skip)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 10)).OrHang();
        Assert.Equal((9L, 1L), (report.ItemsCompleted, report.ItemsFailed));
        Assert.Equal([1L, 1L], report.Failures.Select(f => f.SequenceNumber));
    }

    [Fact]
    public async Task SelectMany_SourceOfPartsThrows_FailsTheItemAndKeepsItsEarlierParts()
    {
        static IEnumerable<int> Parts(int x)
        {
            yield return x;
            if (x == 3)
                throw new IOException("torn");
        }

        List<int> results = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("split")
            .SelectMany("parts", Parts, o => o.OnFailure = FailurePolicy.Skip)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 6), (x, _) =>
        {
            results.Add(x);
            return default;
        }).OrHang();
        Assert.Equal(Enumerable.Range(0, 6), results);
        Assert.Equal((5L, 1L), (report.ItemsCompleted, report.ItemsFailed));
    }

    [Fact]
    public async Task SelectMany_PartsThatFillTheBudget_DoNotDeadlock()
    {
        StagedPipeline<int, TrackedItem> pipeline = PipelineBuilder.Start<int>("split")
            .SelectMany(
                "parts",
                static x => Enumerable.Range(0, 20).Select(part => new TrackedItem(part, 300)),
                o => (o.Workers, o.Capacity) = (3, 1))
            .Stage("grow", new Grow(), o => (o.Workers, o.Capacity) = (3, 2))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 20), new RunOptions { Workers = 6, MemoryBudgetBytes = 700 })
            .OrHang();
        Assert.Equal(20, report.ItemsCompleted);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(8, false)]
    [InlineData(8, true)]
    public async Task StageByKey_OrderedStageBehindIt_RestoresTheOrderOfTheSource(int capacity, bool hasBudget)
    {
        List<int> results = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("keys")
            .StageByKey("by key", static x => x / 4 % 3, static async (x, ct) =>
            {
                await Task.Yield();
                return x;
            }, o => (o.Workers, o.Capacity) = (4, capacity))
            .Stage("ordered", static x => x, o => (o.Workers, o.Capacity) = (2, capacity))
            .Build();
        await pipeline.RunAsync(Enumerable.Range(0, 300), (x, _) =>
        {
            results.Add(x);
            return default;
        }, new RunOptions { Workers = 6, MemoryBudgetBytes = hasBudget ? 1 : null }).OrHang();
        Assert.Equal(Enumerable.Range(0, 300), results);
    }

    [Fact]
    public async Task Batch_ByCount_GivesFullBatchesAndTheRest()
    {
        List<int[]> batches = [];
        StagedPipeline<int, Batch<int>> pipeline = PipelineBuilder.Start<int>("batches")
            .Batch("tens", new BatchOptions { MaxItems = 10 })
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 95), (b, _) =>
        {
            batches.Add([.. b]);
            return default;
        }).OrHang();
        Assert.Equal(Enumerable.Range(0, 95), batches.SelectMany(b => b));
        Assert.Equal(Enumerable.Repeat(10, 9).Append(5), batches.Select(b => b.Length));
        Assert.Equal(95, report.ItemsCompleted);
    }

    [Fact]
    public async Task Batch_ByTime_GivesWhatIsThereWhenTheFirstHasWaited()
    {
        ManualClock clock = new();
        System.Threading.Channels.Channel<int> source = System.Threading.Channels.Channel.CreateUnbounded<int>();
        TaskCompletionSource<Batch<int>> first = new();
        StagedPipeline<int, Batch<int>> pipeline = PipelineBuilder.Start<int>("batches")
            .Stage("seen", static x => x)
            .Batch("timed", new BatchOptions { MaxItems = 100, MaxWait = TimeSpan.FromSeconds(3) }).Build();
        PipelineRun<Batch<int>> run = pipeline.Start(source.Reader, (b, _) =>
        {
            first.TrySetResult(b);
            return default;
        }, new RunOptions { TimeProvider = clock });
        source.Writer.TryWrite(1);
        source.Writer.TryWrite(2);
        await clock.WhenTimerIsSet().OrHang();
        while (run.Snapshot().Stages[0].Completed < 2)
            await Task.Yield();
        Assert.False(first.Task.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal([1, 2], await first.Task.OrHang());
        source.Writer.Complete();
        await run.Completion.OrHang();
    }

    [Fact]
    public async Task Batch_ByBytes_EndsWithTheItemThatReachesTheLimit()
    {
        List<int> sizes = [];
        StagedPipeline<TrackedItem, Batch<TrackedItem>> pipeline = PipelineBuilder.Start<TrackedItem>("batches")
            .Batch("bytes", new BatchOptions { MaxBytes = 100 })
            .Build();
        await pipeline.RunAsync(Enumerable.Range(0, 10).Select(n => new TrackedItem(n, 40)), (b, _) =>
        {
            sizes.Add(b.Count);
            return default;
        }).OrHang();
        Assert.Equal([3, 3, 3, 1], sizes);
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(null, 500)]
    public async Task Batch_LargerThanWhatMayBeInFlight_IsGivenOutEarly(int? maxItems, int? budget)
    {
        StagedPipeline<TrackedItem, Batch<TrackedItem>> pipeline = PipelineBuilder.Start<TrackedItem>("batches")
            .Batch("large", new BatchOptions { MaxItems = 50 })
            .Build();
        RunReport report = await pipeline.RunAsync(
            Enumerable.Range(0, 60).Select(n => new TrackedItem(n, 100)),
            new RunOptions { MaxItemsInFlight = maxItems, MemoryBudgetBytes = budget }).OrHang();
        Assert.Equal(60, report.ItemsCompleted);
    }

    [Fact]
    public async Task Batch_Undelivered_DisposesItsItemsOnce()
    {
        StrongBoxOfItems items = new();
        StagedPipeline<TrackedItem, Batch<TrackedItem>> pipeline = PipelineBuilder.Start<TrackedItem>("batches")
            .Batch("tens", new BatchOptions { MaxItems = 10 })
            .Build();
        await Assert.ThrowsAsync<PipelineStageException>(
            () => pipeline.RunAsync(Enumerable.Range(0, 95).Select(n => items.New(n)), static (b, _) => throw new IOException()).OrHang());
        Assert.All(items.All, item => Assert.Equal(1, item.Disposals));
    }

    [Fact]
    public async Task Batch_ItemThatCannotBeDisposed_LeavesNoneOfTheOthers()
    {
        List<Fragile> items = [.. Enumerable.Range(0, 8).Select(static n => new Fragile(n % 4 == 0))];
        StagedPipeline<Fragile, Batch<Fragile>> pipeline = PipelineBuilder.Start<Fragile>("batches")
            .Batch("fours", new BatchOptions { MaxItems = 4 })
            .Build();
        await Assert.ThrowsAsync<PipelineStageException>(() => pipeline.RunAsync(items, static (b, _) => throw new IOException()).OrHang());
        Assert.All(items.Take(4), static item => Assert.Equal(1, item.Disposals));
        Batch<Fragile> batch = null!;
        List<Fragile> others = [new(true), new(false), new(true)];
        await pipeline.RunAsync(others, (b, _) =>
        {
            batch = b;
            return default;
        }).OrHang();
        Assert.IsType<FormatException>(await Record.ExceptionAsync(async () => await batch.DisposeAsync()));
        Assert.All(others, static item => Assert.Equal(1, item.Disposals));
    }

    [Fact]
    public async Task StageByKey_ItemsOfOneKey_AreProcessedOneByOneInOrder()
    {
        ConcurrentDictionary<int, int> running = new();
        int overlaps = 0, most = 0, now = 0;
        List<int> results = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("keys")
            .StageByKey("work", static x => x % 5, async (x, ct) =>
            {
                if (!running.TryAdd(x % 5, x))
                    Interlocked.Increment(ref overlaps);
                int count = Interlocked.Increment(ref now);
                most = Math.Max(most, count);
                for (int i = x % 3; i >= 0; i--)
                    await Task.Yield();
                Interlocked.Decrement(ref now);
                running.TryRemove(x % 5, out _);
                return x;
            }, o => o.Workers = 4)
            .Build();
        await pipeline.RunAsync(Enumerable.Range(0, 500), (x, _) =>
        {
            results.Add(x);
            return default;
        }, new RunOptions { Workers = 4 }).OrHang();
        Assert.Equal(0, overlaps);
        Assert.True(most > 1, "Different keys never ran at the same time.");
        Assert.Equal(500, results.Count);
        foreach (IGrouping<int, int> key in results.GroupBy(x => x % 5))
            Assert.Equal(key.Order(), key);
    }

    [Fact]
    public async Task Stage_NestedDefinition_RunsItsStagesUnderItsName()
    {
        StagedPipeline<int, int> inner = PipelineBuilder.Start<int>("inner")
            .Stage("add", static x => x + 1)
            .Stage("double", static x => x * 2)
            .Build();
        StagedPipeline<int, string> outer = PipelineBuilder.Start<int>("outer")
            .Stage("first", inner)
            .Stage("second", inner)
            .Stage("text", static x => $"{x}")
            .Build();
        List<string> results = [];
        RunReport report = await outer.RunAsync([1, 2], (x, _) =>
        {
            results.Add(x);
            return default;
        }).OrHang();
        Assert.Equal(["10", "14"], results);
        Assert.Equal(["first/add", "first/double", "second/add", "second/double", "text"], report.Stages.Select(s => s.Name));
    }

    [Fact]
    public async Task RunAsync_TinyBodiesThenABlockedOne_NothingWaitsForIt()
    {
        // Tiny bodies are taken in chunks; a body that turns out to block must hold up neither results before nor items after it.
        using ManualResetEventSlim gate = new();
        TaskCompletionSource others = new();
        int delivered = 0;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("tiny")
            .Stage("work", x =>
            {
                if (x == 20_000)
                    gate.Wait(Limits.Hang);
                return x;
            }, o => (o.Workers, o.Order) = (2, StageOrder.Completion)).Build();
        Task<RunReport> run = pipeline.RunAsync(Enumerable.Range(0, 40_000), (x, _) =>
        {
            if (++delivered == 39_999)
                others.SetResult();
            return default;
        }, new RunOptions { Workers = 2 });
        await others.Task.OrHang();
        gate.Set();
        Assert.Equal(40_000, (await run.OrHang()).ItemsCompleted);
    }

    private sealed class Grow : IStage<TrackedItem, TrackedItem>, IWeightEstimator<TrackedItem>, IStageWorker<TrackedItem, TrackedItem>
    {
        public long EstimateWeightBytes(TrackedItem item) => 600;

        public IStageWorker<TrackedItem, TrackedItem> CreateWorker(StageWorkerContext context) => this;

        public async ValueTask<TrackedItem> ProcessAsync(TrackedItem item, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return item;
        }

        public ValueTask DisposeAsync() => default;
    }
}
