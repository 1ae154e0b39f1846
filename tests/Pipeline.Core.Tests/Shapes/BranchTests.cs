using System.Collections.Concurrent;

namespace Pipeline.Core.Tests.Shapes;

/// <summary>Broadcast, join and route.</summary>
public sealed class BranchTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 8)]
    public async Task Broadcast_InputOrder_GivesResultsOfAllBranchesItemByItem(int workers, int capacity)
    {
        List<string> results = [];
        StagedPipeline<int, string> pipeline = PipelineBuilder.Start<int>("copies")
            .Broadcast(
                "all",
                o => o.Capacity = capacity,
                b => b.Stage("a", static async (x, ct) =>
                {
                    await Yield(x);
                    return $"a{x}";
                }, o => (o.Workers, o.Capacity) = (workers, capacity)),
                b => b.Stage("b", static x => x, o => o.Capacity = capacity)
                    .Stage("c", static x => $"b{x}", o => (o.Workers, o.Capacity, o.Order) = (workers, capacity, StageOrder.Completion)))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 200), (x, _) =>
        {
            results.Add(x);
            return default;
        }).OrHang();
        Assert.Equal(Enumerable.Range(0, 200).SelectMany(x => new[] { $"a{x}", $"b{x}" }), results);
        Assert.Equal((200L, 200L), (report.ItemsIn, report.ItemsCompleted));
        Assert.Equal(["all", "all/a", "all/b", "all/c", "all/merge"], report.Stages.Select(stage => stage.Name));
        Assert.Equal([200L, 200L, 200L, 200L, 400L], report.Stages.Select(stage => stage.Items));
    }

    [Fact]
    public async Task Broadcast_SlowBranch_HoldsTheSourceBackAndLosesNothing()
    {
        TaskCompletionSource slow = new();
        int taken = 0, fast = 0;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("pressure")
            .Broadcast(
                "all",
                o => (o.Capacity, o.Order) = (2, StageOrder.Completion),
                b => b.Stage("slow", async (x, ct) =>
                {
                    await slow.Task;
                    return x;
                }, o => (o.Workers, o.Capacity) = (1, 3)),
                b => b.Stage("fast", x =>
                {
                    Interlocked.Increment(ref fast);
                    return x + 1000;
                }, o => (o.Workers, o.Capacity) = (1, 3)))
            .Build();
        PipelineRun<int> run = pipeline.Start(Enumerable.Range(0, 100).Select(x =>
        {
            Interlocked.Increment(ref taken);
            return x;
        }), options: new RunOptions { Workers = 4 });
        while (run.Snapshot().Stages[0].Waiting < 2 || Volatile.Read(ref fast) < 4)
            await Task.Yield();

        // One at work, 3 and the one being handed over wait in the slow branch, 2 in front of the shape, and 1 in the source's hands.
        Assert.InRange(Volatile.Read(ref taken), 6, 8);
        Assert.InRange(Volatile.Read(ref fast), 4, 5);
        slow.SetResult();
        RunReport report = await run.Completion.OrHang();
        Assert.Equal((100L, 200L), (report.ItemsCompleted, report.Stages[^1].Items));
    }

    [Fact]
    public async Task Broadcast_SharedItems_AreDisposedOnceWhenTheLastBranchIsDone()
    {
        StrongBoxOfItems items = new();
        StagedPipeline<TrackedItem, int> pipeline = PipelineBuilder.Start<TrackedItem>("shared")
            .Stage("share", static x => new Shared<TrackedItem>(x))
            .Broadcast(
                "all",
                b => b.Stage("a", static x =>
                {
                    using (x)
                    {
                        Assert.Equal(0, x.Value.Disposals);
                        return x.Value.Number;
                    }
                }, o => o.Workers = 3),
                b => b.Stage("b", static x =>
                {
                    using (x)
                    {
                        Assert.Equal(0, x.Value.Disposals);
                        return x.Value.Number;
                    }
                }, o => o.Workers = 2))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 300).Select(n => items.New(n))).OrHang();
        Assert.Equal(300, report.ItemsCompleted);
        Assert.All(items.All, item => Assert.Equal(1, item.Disposals));
    }

    [Fact]
    public async Task Broadcast_ItemThatTurnsOutDisposable_FailsWithTheWayOut()
    {
        StrongBoxOfItems items = new();
        StagedPipeline<object, object> pipeline = PipelineBuilder.Start<object>("hidden").Broadcast("all", b => b, b => b).Build();
        PipelineStageException error =
            await Assert.ThrowsAsync<PipelineStageException>(() => pipeline.RunAsync(new object[] { items.New(1) }).OrHang());
        Assert.Equal("all", error.Stage);
        Assert.Contains("new Shared<TrackedItem>(item)", error.InnerException!.Message);
        Assert.All(items.All, item => Assert.Equal(1, item.Disposals));
    }

    [Theory]
    [InlineData(StageOrder.Input, 1)]
    [InlineData(StageOrder.Completion, 1)]
    [InlineData(StageOrder.Input, 16)]
    [InlineData(StageOrder.Completion, 16)]
    public async Task BroadcastJoin_BranchesThatOvertake_PutsResultsOfTheSameItemTogether(StageOrder order, int capacity)
    {
        List<(int, string)> results = [];
        StagedPipeline<int, (int A, string B)> pipeline = PipelineBuilder.Start<int>("pairs")
            .BroadcastJoin(
                "both",
                b => b.Stage("a", static async (x, ct) =>
                {
                    await Yield(x);
                    return x * 2;
                }, o => (o.Workers, o.Order, o.Capacity) = (5, StageOrder.Completion, capacity)),
                b => b.Stage("b", static async (x, ct) =>
                {
                    await Yield(x + 3);
                    return $"{x}";
                }, o => (o.Workers, o.Capacity) = (3, capacity)),
                static (a, b) => (a, b),
                o => (o.Order, o.Capacity, o.Workers) = (order, capacity, 2))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 300), (x, _) =>
        {
            results.Add(x);
            return default;
        }, new RunOptions { Workers = 8 }).OrHang();
        Assert.Equal(300, report.ItemsCompleted);
        Assert.All(results, pair => Assert.Equal($"{pair.Item1 / 2}", pair.Item2));
        Assert.Equal(Enumerable.Range(0, 300), results.Select(pair => pair.Item1 / 2).Order());
        if (order == StageOrder.Input)
            Assert.Equal(results.Select(pair => pair.Item1).Order(), results.Select(pair => pair.Item1));
    }

    [Fact]
    public async Task BroadcastJoin_BranchFailsOrSkips_EndsTheItemOnceAndDisposesItsOtherResults()
    {
        StrongBoxOfItems items = new();
        List<int> results = [];
        StagedPipeline<int, TrackedItem> pipeline = PipelineBuilder.Start<int>("broken")
            .BroadcastJoin(
                "both",
                b => b.Stage("a", items.New, o => o.Workers = 3),
                b => b.Where("odd", static x => x % 2 == 1)
                    .Stage("b", x => x % 5 == 0 ? throw new FormatException() : items.New(x), o => o.OnFailure = FailurePolicy.Skip),
                static (a, b) =>
                {
                    b.Dispose();
                    return a;
                })
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 100), (x, _) =>
        {
            results.Add(x.Number);
            return default;
        }).OrHang();
        Assert.Equal(Enumerable.Range(0, 100).Where(x => x % 2 == 1 && x % 5 != 0), results);
        Assert.Equal((40L, 50L, 10L), (report.ItemsCompleted, report.ItemsSkipped, report.ItemsFailed));
        Assert.Equal(10, report.Failures.Count);
        Assert.Equal(40, items.All.Count(item => item.Disposals == 0)); // those that the sink got
        Assert.All(items.All, item => Assert.InRange(item.Disposals, 0, 1));
    }

    [Fact]
    public async Task BroadcastJoin_ResultThatCannotBeDisposed_IsDisposedOnceAndFailsNothing()
    {
        ConcurrentBag<Fragile> results = [];
        Fragile New(bool isBroken)
        {
            Fragile result = new(isBroken);
            results.Add(result);
            return result;
        }

        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("join")
            .BroadcastJoin(
                "both",
                b => b.Stage("broken", _ => New(true)),
                b => b.Stage("whole", _ => New(false)),
                b => b.Where("none", static x => x < 0),
                static (x, y, z) => 0)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 10)).OrHang();
        Assert.Equal((10L, 20), (report.ItemsSkipped, results.Count));
        Assert.All(results, static result => Assert.Equal(1, result.Disposals));
    }

    [Fact]
    public async Task BroadcastJoin_ThreeAndManyBranches_KeepTheirPlaces()
    {
        List<string> results = [];
        StagedPipeline<int, string> pipeline = PipelineBuilder.Start<int>("places")
            .BroadcastJoin(
                "three",
                b => b,
                b => b.Stage("plus", static x => x + 0.5),
                b => b.Stage("text", static x => $"t{x}"),
                static (x, y, z) => FormattableString.Invariant($"{x} {y} {z}"))
            .BroadcastJoin(
                "many", [b => b, b => b.Stage("up", static s => s.ToUpperInvariant()), b => b], static all => string.Join("|", all))
            .Build();
        await pipeline.RunAsync([1, 2], (x, _) =>
        {
            results.Add(x);
            return default;
        }).OrHang();
        Assert.Equal(["1 1.5 t1|1 1.5 T1|1 1.5 t1", "2 2.5 t2|2 2.5 T2|2 2.5 t2"], results);
    }

    [Fact]
    public async Task BroadcastJoin_Abort_DisposesWhatWaitsForItsCounterpart()
    {
        StrongBoxOfItems items = new();
        TaskCompletionSource never = new(), waiting = new();
        StagedPipeline<int, TrackedItem> pipeline = PipelineBuilder.Start<int>("abort")
            .BroadcastJoin(
                "both",
                b => b.Stage("a", x =>
                {
                    TrackedItem item = items.New(x);
                    if (x == 2)
                        waiting.SetResult();
                    return item;
                }, o => o.Workers = 1),
                b => b.Stage("b", async (x, ct) =>
                {
                    await never.Task.WaitAsync(ct);
                    return items.New(x);
                }, o => o.Workers = 1),
                static (a, b) => a)
            .Build();
        PipelineRun<TrackedItem> run = pipeline.Start(Enumerable.Range(0, 1000), options: new RunOptions { Workers = 2 });
        await waiting.Task.OrHang();
        run.Abort();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Completion.OrHang());
        Assert.All(items.All, item => Assert.Equal(1, item.Disposals));
        Assert.Equal(run.Report!.ItemsIn, run.Report.ItemsUnfinished);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Route_InputOrder_KeepsTheOrderOverAllBranches(int capacity)
    {
        List<string> results = [];
        StagedPipeline<int, string> pipeline = PipelineBuilder.Start<int>("routes")
            .Route(
                "kind",
                routes => routes
                    .When(static x => x % 3 == 0, b => b.Stage("slow", static async (x, ct) =>
                    {
                        await Yield(5);
                        return $"three {x}";
                    }, o => (o.Workers, o.Capacity) = (4, capacity)))
                    .When(
                        static x => x % 2 == 0,
                        b => b.Where("not 4", static x => x != 4).Stage("even", static x => $"two {x}", o => o.Capacity = capacity))
                    .Otherwise(b => b.Stage("rest", static x => $"other {x}", o => o.Capacity = capacity)),
                o => o.Capacity = capacity)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 300), (x, _) =>
        {
            results.Add(x);
            return default;
        }).OrHang();
        Assert.Equal(
            Enumerable.Range(0, 300).Where(x => x != 4).Select(x => x % 3 == 0 ? $"three {x}" : x % 2 == 0 ? $"two {x}" : $"other {x}"),
            results);
        Assert.Equal((299L, 1L), (report.ItemsCompleted, report.ItemsSkipped));
    }

    [Fact]
    public async Task Route_NoRouteMatches_FailsTheItem()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("routes")
            .Route("kind", routes => routes.When(static x => x != 7, b => b))
            .Build();
        PipelineStageException error =
            await Assert.ThrowsAsync<PipelineStageException>(() => pipeline.RunAsync(Enumerable.Range(0, 10)).OrHang());
        Assert.Equal(("kind", 7L), (error.Stage, error.SequenceNumber));
        Assert.Contains("no route for item 7", error.InnerException!.Message);

        StagedPipeline<int, int> skipping = PipelineBuilder.Start<int>("routes")
            .Route(
                "kind",
                routes => routes.When(static x => x == 3 ? throw new FormatException() : x != 7, b => b),
                o => o.OnFailure = FailurePolicy.Skip).Build();
        RunReport report = await skipping.RunAsync(Enumerable.Range(0, 10)).OrHang();
        Assert.Equal((8L, 2L), (report.ItemsCompleted, report.ItemsFailed));
    }

    [Fact]
    public async Task Route_CompletionOrder_LetsBranchesSplitAndCollectItems()
    {
        List<int> results = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("routes")
            .Route(
                "kind",
                routes => routes
                    .When(static x => x % 2 == 0, b => b.SelectMany("split", static x => Enumerable.Repeat(x, 3)))
                    .Otherwise(b => b.Batch("tens", new BatchOptions { MaxItems = 10 }).Stage("sum", static batch => batch.Sum())),
                o => o.Order = StageOrder.Completion)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 100), (x, _) =>
        {
            results.Add(x);
            return default;
        }).OrHang();
        Assert.Equal(100, report.ItemsCompleted);
        Assert.Equal(155, results.Count);
        Assert.Equal((3 * 2450) + 2500, results.Sum());
    }

    [Fact]
    public async Task Branches_InsideBranchesAndOtherDefinitions_KeepOrderAndNames()
    {
        StagedPipeline<int, int> inner = PipelineBuilder.Start<int>("inner")
            .Route("kind", routes => routes
                .When(static x => x % 2 == 0, b =>
                    b.BroadcastJoin("pair", c => c.Stage("x", static x => x), c => c.Stage("y", static x => x), static (x, y) => x + y))
                .Otherwise(b => b))
            .Build();
        List<int> results = [];
        StagedPipeline<int, int> outer = PipelineBuilder.Start<int>("outer")
            .Broadcast("all", b => b.Stage("in", inner), b => b.Stage("minus", static x => -x))
            .Build();
        RunReport report = await outer.RunAsync(Enumerable.Range(0, 100), (x, _) =>
        {
            results.Add(x);
            return default;
        }).OrHang();
        Assert.Equal(Enumerable.Range(0, 100).SelectMany(static x => new[] { x % 2 == 0 ? 2 * x : x, -x }), results);
        Assert.Contains("all/in/kind/pair/y", report.Stages.Select(stage => stage.Name));
    }

    [Fact]
    public async Task Broadcast_BudgetSmallerThanAllParts_DoesNotDeadlock()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("tight")
            .BroadcastJoin(
                "both",
                b => b.Stage("a", static x => new TrackedItem(x, 300), o => o.Workers = 3),
                b => b.Stage("b", static x => new TrackedItem(x, 400), o => o.Workers = 3),
                static (a, b) => a.Number + b.Number)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 200), new RunOptions { Workers = 6, MemoryBudgetBytes = 500 })
            .OrHang();
        Assert.Equal(200, report.ItemsCompleted);
    }

    [Fact]
    public void RunSynchronously_Branches_GiveTheSameResultsInTheSameOrder()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("sync")
            .Broadcast("all", b => b.Stage("a", static x => x), b => b.Stage("b", static x => -x))
            .Route("kind", routes =>
                routes.When(static x => x < 0, b => b.Stage("n", static x => x - 1)).Otherwise(b => b.Stage("p", static x => x + 1)))
            .Build();
        Assert.Equal([2, -2, 3, -3], pipeline.RunSynchronously([1, 2]));
    }

    [Fact]
    public async Task Where_DedicatedThreads_DropsItemsToo()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("filter")
            .Where("even", static x => x % 2 == 0, o => o.Executor = StageExecutor.DedicatedThreads)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 20)).OrHang();
        Assert.Equal((10L, 10L), (report.ItemsCompleted, report.ItemsSkipped));
    }

    private static async Task Yield(int x)
    {
        for (int i = x % 6; i > 0; i--)
            await Task.Yield();
    }
}
