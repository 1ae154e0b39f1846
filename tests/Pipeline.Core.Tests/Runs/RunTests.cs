using System.Diagnostics;
using System.Threading.Channels;

namespace Pipeline.Core.Tests.Runs;

public sealed class RunTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 64)]
    public async Task RunAsync_OrderedStages_DeliversAllInOrder(int workers, int capacity)
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("numbers")
            .Stage("double", static x => x * 2, o => (o.Workers, o.Capacity) = (workers, capacity))
            .Stage("next", static async (x, ct) =>
            {
                await Task.Yield();
                return x + 1;
            }, o => (o.Workers, o.Capacity) = (workers, capacity))
            .Build();
        List<int> results = [];
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 1000), Collect(results)).OrHang();
        Assert.Equal(Enumerable.Range(0, 1000).Select(x => (x * 2) + 1), results);
        Assert.Equal((RunOutcome.Completed, 1000L, 1000L), (report.Outcome, report.ItemsIn, report.ItemsCompleted));
    }

    [Fact]
    public async Task RunAsync_CompletionOrder_NothingWaitsForTheSlowItem()
    {
        TaskCompletionSource gate = new();
        TaskCompletionSource othersDone = new();
        List<int> results = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("overtaking")
            .Stage("work", async (x, ct) =>
            {
                if (x == 0)
                    await gate.Task.WaitAsync(ct);
                return x;
            }, o => (o.Workers, o.Order) = (2, StageOrder.Completion))
            .Build();
        Task<RunReport> run = pipeline.RunAsync(Enumerable.Range(0, 500), (x, _) =>
        {
            results.Add(x);
            if (results.Count == 499)
                othersDone.SetResult();
            return default;
        }, new RunOptions { Workers = 2 });
        await othersDone.Task.OrHang();
        gate.SetResult();
        await run.OrHang();
        Assert.Equal(0, results[^1]);
        Assert.Equal(Enumerable.Range(0, 500), results.Order());
    }

    [Fact]
    public async Task RunAsync_SinkThatWasQuickBlocks_AnotherThreadTakesItsPlaceAmongTheWorkers()
    {
        using ManualResetEventSlim bothRun = new();
        int given = 0, running = 0;
        bool isBlocked = false;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("blocked sink").Stage("work", x =>
        {
            if (Interlocked.Increment(ref running) == 2 && Volatile.Read(ref isBlocked))
                bothRun.Set();
            long end = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 200); // long enough for a turn of its own
            while (Stopwatch.GetTimestamp() < end)
                Thread.SpinWait(50);
            Interlocked.Decrement(ref running);
            return x;
        }, static o => o.Workers = 2).Build();
        await pipeline.RunAsync(Enumerable.Range(0, 200), (_, ct) =>
        {
            if (++given == 20) // the run has learned by now that the sink takes no time
            {
                Volatile.Write(ref isBlocked, true);
                Assert.True(bothRun.Wait(Limits.Hang, ct), "One worker stood still as long as the sink was blocked.");
            }

            return default;
        }, new RunOptions { Workers = 2 });
        Assert.Equal(200, given);
    }

    [Fact]
    public async Task RunAsync_OrderedStageAfterUnorderedOne_RestoresTheSourceOrder()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("restored")
            .Stage("scatter", static async (x, ct) =>
            {
                for (int i = x % 7; i > 0; i--)
                    await Task.Yield();
                return x;
            }, o => (o.Workers, o.Order, o.Capacity) = (5, StageOrder.Completion, 3))
            .Stage("scatter more", static async (x, ct) =>
            {
                for (int i = x % 5; i > 0; i--)
                    await Task.Yield();
                return x;
            }, o => (o.Workers, o.Order, o.Capacity) = (4, StageOrder.Completion, 1))
            .Stage("gather", static x => x, o => (o.Workers, o.Capacity) = (3, 2))
            .Build();
        List<int> results = [];
        await pipeline.RunAsync(Enumerable.Range(0, 2000), Collect(results), new RunOptions { Workers = 8 }).OrHang();
        Assert.Equal(Enumerable.Range(0, 2000), results);
    }

    [Fact]
    public async Task RunAsync_AsyncEnumerableAndChannelSources_GiveTheSame()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("sources").Stage("same", static x => x).Build();
        List<int> fromAsync = [], fromChannel = [];
        await pipeline.RunAsync(Yielding(300), Collect(fromAsync)).OrHang();
        Channel<int> channel = Channel.CreateBounded<int>(2);
        Task<RunReport> run = pipeline.RunAsync(channel.Reader, Collect(fromChannel));
        for (int i = 0; i < 300; i++)
            await channel.Writer.WriteAsync(i);
        channel.Writer.Complete();
        await run.OrHang();
        Assert.Equal(Enumerable.Range(0, 300), fromAsync);
        Assert.Equal(fromAsync, fromChannel);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task RunAsync_RunWorkers_BoundsTheBodiesOverAllStages(int workers)
    {
        int now = 0, most = 0;
        async ValueTask<int> Body(int x, CancellationToken ct)
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return x;
        }

        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("bounded")
            .Stage("a", Body, o => o.Workers = 8).Stage("b", Body, o => o.Workers = 8).Stage("c", Body, o => o.Workers = 8).Build();
        await pipeline.RunAsync(Enumerable.Range(0, 400), new RunOptions { Workers = workers }).OrHang();
        Assert.InRange(most, 1, workers);
    }

    [Fact]
    public async Task RunAsync_TwoWorkers_RunTwoBodiesAtOnce()
    {
        using Barrier both = new(2);
        StagedPipeline<int, bool> pipeline = PipelineBuilder.Start<int>("pair")
            .Stage("meet", x => both.SignalAndWait(Limits.Hang), o => o.Workers = 2).Build();
        List<bool> met = [];
        await pipeline.RunAsync(Enumerable.Range(0, 8), (x, _) =>
        {
            met.Add(x);
            return default;
        }, new RunOptions { Workers = 2 }).OrHang();
        Assert.Equal(Enumerable.Repeat(true, 8), met);
    }

    [Fact]
    public async Task RunAsync_WorkersOfAStageObject_AreCreatedPerWorkerAndDisposed()
    {
        CountingStage stage = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("objects").Stage("count", stage, o => o.Workers = 3).Build();
        await pipeline.RunAsync(Enumerable.Range(0, 100), new RunOptions { Workers = 3 }).OrHang();
        Assert.InRange(stage.Created, 1, 3);
        Assert.Equal(stage.Created, stage.Disposed);
    }

    [Fact]
    public async Task Drain_EndlessSource_FinishesWhatIsUnderWay()
    {
        TaskCompletionSource some = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("endless").Stage("same", static x => x).Build();
        PipelineRun<int> run = pipeline.Start(Endless(), (x, _) =>
        {
            if (x == 100)
                some.SetResult();
            return default;
        });
        await some.Task.OrHang();
        run.Drain();
        RunReport report = await run.Completion.OrHang();
        Assert.Equal(RunOutcome.Drained, report.Outcome);
        Assert.Equal(report.ItemsIn, report.ItemsCompleted);
        Assert.Same(report, run.Report);
    }

    [Fact]
    public async Task Drain_SourceThatWaitsForever_EndsTheRun()
    {
        Channel<int> channel = Channel.CreateUnbounded<int>();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("waiting").Stage("same", static x => x).Build();
        PipelineRun<int> run = pipeline.Start(channel.Reader);
        channel.Writer.TryWrite(1);
        run.Drain();
        Assert.Equal(RunOutcome.Drained, (await run.Completion.OrHang()).Outcome);
    }

    [Fact]
    public async Task Abort_RunningBodies_AreCanceledAndTheReportStays()
    {
        TaskCompletionSource started = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("aborted")
            .Stage("hang", async (x, ct) =>
            {
                started.TrySetResult();
                await Task.Delay(Timeout.Infinite, ct);
                return x;
            }).Build();
        PipelineRun<int> run = pipeline.Start(Enumerable.Range(0, 100));
        await started.Task.OrHang();
        run.Abort();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Completion.OrHang());
        Assert.Equal(RunOutcome.Canceled, run.Report!.Outcome);
        Assert.Equal(run.Report.ItemsIn, run.Report.ItemsUnfinished);
    }

    [Fact]
    public async Task RunAsync_Canceled_ThrowsWithTheCallersToken()
    {
        using CancellationTokenSource caller = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("canceled")
            .Stage("work", x =>
            {
                if (x == 50)
                    caller.Cancel();
                return x;
            }).Build();
        OperationCanceledException error =
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipeline.RunAsync(Endless(), null, caller.Token).OrHang());
        Assert.Equal(caller.Token, error.CancellationToken);
    }

    [Fact]
    public async Task StreamAsync_Results_ComeInOrder()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("streamed").Stage("same", static x => x, o => o.Workers = 4).Build();
        List<int> results = [];
        await foreach (int x in pipeline.StreamAsync(Enumerable.Range(0, 500)))
            results.Add(x);
        Assert.Equal(Enumerable.Range(0, 500), results);
    }

    [Fact]
    public async Task StreamAsync_LeftEarly_AbortsTheRunAndDisposesTheRest()
    {
        StrongBoxOfItems items = new();
        StagedPipeline<int, TrackedItem> pipeline = PipelineBuilder.Start<int>("left").Stage("make", items.New).Build();
        TrackedItem? kept = null;
        await foreach (TrackedItem item in pipeline.StreamAsync(Endless()))
        {
            kept = item;
            break;
        }

        Assert.Equal(0, kept!.Disposals);
        Assert.All(items.All.Where(item => item != kept), item => Assert.Equal(1, item.Disposals));
    }

    [Fact]
    public async Task StreamAsync_RunFailsWhileResultsWait_GivesNoneOfThem()
    {
        TaskCompletionSource resultsWait = NewSignal(), fail = NewSignal(), stopped = NewSignal(), end = NewSignal();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("fails").Stage("stage", async (x, token) =>
        {
            if (x == 4)
            {
                using CancellationTokenRegistration registration = token.Register(stopped.SetResult);
                await end.Task; // keeps the run from ending
            }
            else if (x == 3)
            {
                resultsWait.SetResult();
                await fail.Task;
                throw new FormatException();
            }

            return x;
        }, static o => (o.Workers, o.Order) = (2, StageOrder.Completion)).Build();
        await using IAsyncEnumerator<int> results = pipeline.StreamAsync([4, 0, 1, 2, 3], new RunOptions { Workers = 2 })
            .GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync().AsTask().OrHang());
        await resultsWait.Task.OrHang(); // 1 and 2
        fail.SetResult();
        await stopped.Task.OrHang();
        Task<bool> next = results.MoveNextAsync().AsTask();
        end.SetResult();
        await Assert.ThrowsAsync<PipelineStageException>(() => next.OrHang());

        static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [Fact]
    public async Task StreamAsync_ConsumerThatDoesNotAsk_DoesNotHoldUpTheStages()
    {
        // I7: the stages go on until the queues are full, although nobody asks for a second result.
        TaskCompletionSource far = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("unpolled").Stage("work", x =>
        {
            if (x == 40)
                far.SetResult();
            return x;
        }).Build();
        await using IAsyncEnumerator<int> results = pipeline.StreamAsync(Enumerable.Range(0, 1000)).GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());
        await far.Task.OrHang();
    }

    [Fact]
    public async Task RunAsync_MaxItemsInFlight_IsNeverExceeded()
    {
        int inFlight = 0, most = 0;
        IEnumerable<int> Source()
        {
            for (int i = 0; i < 300; i++)
            {
                InterlockedMax(ref most, Interlocked.Increment(ref inFlight));
                yield return i;
            }
        }

        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("few").Stage("a", static x => x).Stage("b", static x => x).Build();
        await pipeline.RunAsync(Source(), (x, _) =>
        {
            Interlocked.Decrement(ref inFlight);
            return default;
        }, new RunOptions { MaxItemsInFlight = 3 }).OrHang();
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task RunAsync_CpuBoundBodies_DoNotStarveProgress()
    {
        TaskCompletionSource reported = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("spinning").Stage("spin", x =>
        {
            SpinWait spin = default;
            while (!reported.Task.IsCompleted)
                spin.SpinOnce(sleep1Threshold: -1);
            return x;
        }).Build();
        RunOptions options =
            new() { Workers = 8, Progress = new Receiver(p => reported.TrySetResult()), ProgressInterval = TimeSpan.FromMilliseconds(10) };
        await pipeline.RunAsync(Enumerable.Range(0, 16), options).OrHang();
        Assert.True(reported.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Progress_Snapshots_RiseAndEndWithTheTotals()
    {
        List<RunProgress> seen = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("told").Stage("same", static x => x).Build();
        await pipeline.RunAsync(Enumerable.Range(0, 50).ToArray(), new RunOptions { Progress = new Receiver(seen.Add) }).OrHang();
        Assert.Equal(seen.Select(p => p.SequenceNumber).Order(), seen.Select(p => p.SequenceNumber));
        Assert.Equal((50L, 50L, 50L), (seen[^1].ItemsIn, seen[^1].ItemsCompleted, seen[^1].ItemsExpected));
        Assert.Equal("same", seen[^1].Stages.Single().Name);
    }

    private static Func<int, CancellationToken, ValueTask> Collect(List<int> results) => (x, _) =>
    {
        results.Add(x);
        return default;
    };

    private static async IAsyncEnumerable<int> Yielding(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (i % 3 == 0)
                await Task.Yield();
            yield return i;
        }
    }

    private static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++)
            yield return i;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private sealed class Receiver(Action<RunProgress> receive) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => receive(value);
    }

    private sealed class CountingStage : IStage<int, int>
    {
        public int Created;
        public int Disposed;

        public IStageWorker<int, int> CreateWorker(StageWorkerContext context)
        {
            Interlocked.Increment(ref Created);
            return new Worker(this);
        }

        private sealed class Worker(CountingStage stage) : IStageWorker<int, int>
        {
            public async ValueTask<int> ProcessAsync(int item, CancellationToken cancellationToken)
            {
                await Task.Yield();
                return item;
            }

            public ValueTask DisposeAsync()
            {
                Interlocked.Increment(ref stage.Disposed);
                return default;
            }
        }
    }
}
