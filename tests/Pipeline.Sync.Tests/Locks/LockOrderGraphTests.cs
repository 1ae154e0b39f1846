using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Sync.Tests.Locks;

/// <summary>Learning is switched on for the whole process, so these tests run alone.</summary>
[Collection(nameof(Learning))]
public sealed class LockOrderGraphTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly OrderedLock[] s_locks =
        [.. Enumerable.Range(0, 8).Select(i => new OrderedLock(LockLevel.Define($"learn {i}", 3000 + i, "tests"), $"learn {i}"))];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task StartLearning_CircleOfAnyLengthTakenStepByStepOnOneThread_IsReported(int length)
    {
        LockOrderGraph graph = new();
        using (graph.StartLearning())
        {
            for (int i = 0; i < length; i++)
                await NestAsync(s_locks[i], s_locks[(i + 1) % length]);
        }

        LockOrderCycle cycle = Assert.Single(graph.Cycles);
        Assert.Equal(length, cycle.Length);
        Assert.Contains("LockOrderGraphTests.cs:", cycle.ToString());
    }

    [Property(MaxTest = 200)]
    public void StartLearning_SeededCirclesAmongRandomOrderedPairs_AreAllReported(int seed)
    {
        Random random = new(seed);
        int length = random.Next(2, 6);
        int[] circle = [.. Enumerable.Range(0, s_locks.Length).OrderBy(_ => random.Next()).Take(length)];
        LockOrderGraph graph = new();
        using (graph.StartLearning())
        {
            List<(int From, int To)> nestings = [.. circle.Select((from, i) => (from, circle[(i + 1) % length]))];
            nestings = [.. nestings.OrderBy(_ => random.Next())];
            foreach ((int from, int to) in nestings)
                NestAsync(s_locks[from], s_locks[to]).AsTask().GetAwaiter().GetResult();
        }

        LockOrderCycle found = Assert.Single(graph.Cycles);
        Assert.Equal(length, found.Length);
    }

    [Fact]
    public async Task StartLearning_EndsWhileLocksAreHeldAgainstTheOrder_ChecksAllOfThem()
    {
        IDisposable learning = new LockOrderGraph().StartLearning();
        await using HeldLocks high = await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, s_locks[5], s_none);
        await using HeldLocks low = await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, s_locks[1], s_none); // allowed, and learned
        learning.Dispose();
        Assert.Throws<LockOrderException>(() => { _ = LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, s_locks[3], s_none); });
        await using HeldLocks above = await LockSet.AcquireAsync(Timeout.InfiniteTimeSpan, s_locks[6], s_none);
        Assert.True(above.IsHeld);
    }

    [Fact]
    public async Task StartLearning_RisingOrderOnly_ReportsNothing()
    {
        LockOrderGraph graph = new();
        using (graph.StartLearning())
        {
            for (int i = 0; i < s_locks.Length; i++)
            {
                for (int j = i + 1; j < s_locks.Length; j++)
                    await NestAsync(s_locks[i], s_locks[j]);
            }

            await using HeldLocks set = await LockSet.AcquireAsync(TimeSpan.Zero, s_locks[3], s_locks[1], s_none);
        }

        Assert.Empty(graph.Cycles);
        Assert.Equal(28, graph.Edges.Count);
    }

    [Fact]
    public async Task StartLearning_TwoLocksOfOneLevelNested_IsACircleOfOne()
    {
        LockOrderGraph graph = new();
        using (graph.StartLearning())
            await NestAsync(s_locks[0], new OrderedLock(s_locks[0].Level, "twin"));
        Assert.Equal(1, Assert.Single(graph.Cycles).Length);
    }

    [Fact]
    public async Task Export_ThenParse_GivesTheSameEdgesAndCircles()
    {
        LockOrderGraph graph = new();
        using (graph.StartLearning())
        {
            await NestAsync(s_locks[0], s_locks[1]);
            await NestAsync(s_locks[1], s_locks[0]);
        }

        LockOrderGraph read = LockOrderGraph.Parse("# reviewed\n\n" + graph.Export());
        Assert.Equal(graph.Edges, read.Edges);
        Assert.Equal(2, Assert.Single(read.Cycles).Length);
        Assert.Empty(graph.NewSince(read));
        Assert.Equal(2, graph.NewSince(new LockOrderGraph()).Count);
        Assert.Contains("Line 2", Assert.Throws<FormatException>(() => LockOrderGraph.Parse("a -> b\nnonsense")).Message);
    }

    [Fact]
    public void StartLearning_WhileAnotherLearns_Throws()
    {
        using (new LockOrderGraph().StartLearning())
            Assert.Throws<InvalidOperationException>(() => new LockOrderGraph().StartLearning());
    }

    private static async ValueTask NestAsync(OrderedLock outer, OrderedLock inner)
    {
        await using HeldLocks first = await LockSet.AcquireAsync(TimeSpan.Zero, outer, s_none);
        await using HeldLocks second = await LockSet.AcquireAsync(TimeSpan.Zero, inner, s_none);
    }
}

[CollectionDefinition(nameof(Learning), DisableParallelization = true)]
public sealed class Learning;
