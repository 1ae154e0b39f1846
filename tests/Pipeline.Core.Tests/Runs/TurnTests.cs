using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Pipeline.Core.Tests.Runs;

/// <summary>Which stage a free worker turns to, how much it takes, when its turn ends and what it leaves behind.</summary>
public sealed class TurnTests
{
    [Fact]
    public async Task RunAsync_ItemsThatAreDoneWhileTheRunGoesOn_AreKeptAliveByNobody()
    {
        const int Items = 100;
        List<WeakReference> items = [];
        TaskCompletionSource lastIsHere = new(), goOn = new();
        StagedPipeline<object, object> pipeline = PipelineBuilder.Start<object>("released")
            .Stage("pass", static x => x, static o => o.Capacity = 4)
            .Build();
        int seen = 0;
        Task run = pipeline.RunAsync(Source(), (_, _) =>
        {
            if (++seen == Items)
                lastIsHere.SetResult();
            return default;
        });
        await lastIsHere.Task.OrHang();
        GC.Collect();
        Assert.DoesNotContain(items.Take(Items / 2), static item => item.IsAlive); // with a capacity of 4 their turns are over
        goOn.SetResult();
        await run.OrHang();

        async IAsyncEnumerable<object> Source()
        {
            for (int i = 0; i < Items; i++)
                yield return New();
            await goOn.Task;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        object New()
        {
            object item = new();
            items.Add(new WeakReference(item));
            return item;
        }
    }

    [Fact]
    public async Task RunAsync_LastItems_AreSharedAmongTheWorkersToTheEnd()
    {
        const int Items = 1000;
        string name = Guid.NewGuid().ToString();
        ConcurrentQueue<Activity> ended = new();
        using ActivityListener listener = InstrumentTests.Listen(name, ended);
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>(name)
            .Stage("spin", SpinTenMicroseconds, static o => (o.Workers, o.Capacity) = (2, Items))
            .Build();
        await pipeline.RunAsync(Enumerable.Range(0, Items), new RunOptions { Workers = 2 }).OrHang();
        int last = 0;
        int turns = ended.Where(static activity => Equals(activity.GetTagItem("pipeline.stage.name"), "spin")).Reverse()
            .TakeWhile(activity => (last += (int)activity.GetTagItem("pipeline.stage.items")!) <= 100).Count();
        Assert.InRange(turns, 5, 100); // two at most if a worker took what fits a turn

        static int SpinTenMicroseconds(int x)
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMicroseconds(10))
                Thread.SpinWait(1);
            return x;
        }
    }

    /// <summary>
    /// Quick stages in front of one that lacks items go first, but only once: here they drop nearly all they get and would go first to the end.
    /// </summary>
    [Fact]
    public async Task RunAsync_QuickStagesBeforeOneThatLacksItems_DoNotKeepItWaiting()
    {
        const int Parts = 200_000, Kept = 1000;
        int seen = 0, seenBefore = Parts;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("feeding")
            .SelectMany("give", static _ => Enumerable.Range(0, Parts))
            .Where("pick", part =>
            {
                seen = part;
                return part == Kept;
            }, static o => o.Order = StageOrder.Completion)
            .Stage("work", part =>
            {
                seenBefore = seen;
                return part;
            }, static o => (o.Workers, o.Order) = (2, StageOrder.Completion))
            .Build();

        // One body at a time, and on a clock that stands still all of them count as quick.
        await pipeline.RunAsync([0], new RunOptions { Workers = 1, TimeProvider = new ManualClock() }).OrHang();
        Assert.InRange(seenBefore, Kept, Parts / 10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Abort_InsideATurnOfTinyBodies_IsTheLastThatRuns(bool inSink)
    {
        const int Last = 3000;
        int after = 0;
        TaskCompletionSource<PipelineRun<int>> started = new();
        int Work(int x)
        {
            if (x == Last)
                started.Task.GetAwaiter().GetResult().Abort();
            after += x > Last ? 1 : 0;
            return x;
        }

        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("aborted")
            .Stage("work", x => inSink ? x : Work(x), static o => (o.Workers, o.Capacity) = (1, 1000))
            .Build();
        Func<int, CancellationToken, ValueTask>? sink = inSink ? (x, _) =>
        {
            Work(x);
            return default;
        }
        : null;
        PipelineRun<int> run = pipeline.Start(Enumerable.Range(0, 2 * Last), sink, new RunOptions { Workers = 1 });
        started.SetResult(run);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Completion.OrHang());
        Assert.Equal(0, after);
    }
}
