using System.Collections.Concurrent;

namespace Pipeline.Core.Tests.Runs;

public sealed class ModeTests
{
    [Fact]
    public async Task StartPush_ManyWriters_EveryAcceptedItemIsFinished()
    {
        ConcurrentBag<int> results = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("pushed").Stage("work", static async (x, ct) =>
        {
            await Task.Yield();
            return x;
        }, o => (o.Workers, o.Capacity) = (2, 2)).Build();
        PipelineRun<int> run = pipeline.StartPush(out PipelineInput<int> input, (x, _) =>
        {
            results.Add(x);
            return default;
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
                await input.WriteAsync((writer * 100) + i);
        }))).OrHang();
        input.Complete();
        RunReport report = await run.Completion.OrHang();
        Assert.Equal((800L, 800L), (report.ItemsIn, report.ItemsCompleted));
        Assert.Equal(Enumerable.Range(0, 800), results.Order());
    }

    [Fact]
    public async Task StartPush_DrainWhileWritersWait_AcceptedOnesFinishAndOthersAreTold()
    {
        TaskCompletionSource gate = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("pushed").Stage("work", async (x, ct) =>
        {
            await gate.Task;
            return x;
        }, o => (o.Workers, o.Capacity) = (1, 1)).Build();
        PipelineRun<int> run = pipeline.StartPush(out PipelineInput<int> input);
        Task<bool>[] writes = [.. Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await input.WriteAsync(i);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        })];
        await writes[0].OrHang();
        run.Drain();
        gate.SetResult();
        RunReport report = await run.Completion.OrHang();
        bool[] accepted = await Task.WhenAll(writes).OrHang();
        Assert.Equal(RunOutcome.Drained, report.Outcome);
        Assert.Equal(accepted.Count(a => a), report.ItemsCompleted);
        Assert.Contains(false, accepted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => input.WriteAsync(1).AsTask());
    }

    [Fact]
    public async Task WriteAsync_CanceledWhileWaiting_TakesNothing()
    {
        TaskCompletionSource gate = new();
        using CancellationTokenSource cancel = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("pushed").Stage("work", async (x, ct) =>
        {
            await gate.Task;
            return x;
        }, o => (o.Workers, o.Capacity) = (1, 1)).Build();
        PipelineRun<int> run = pipeline.StartPush(out PipelineInput<int> input, sink: null, new RunOptions { MaxItemsInFlight = 1 });
        await input.WriteAsync(1).AsTask().OrHang();
        Task waiting = input.WriteAsync(2, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.OrHang());
        gate.SetResult();
        input.Complete();
        Assert.Equal(1, (await run.Completion.OrHang()).ItemsIn);
    }

    [Fact]
    public void RunSynchronously_AnyDefinition_UsesOneThreadAndOneOrder()
    {
        static List<string> Log(out IReadOnlyList<int> results)
        {
            List<string> log = [];
            int thread = Environment.CurrentManagedThreadId;
            StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("test me")
                .Stage("a", x =>
                {
                    Assert.Equal(thread, Environment.CurrentManagedThreadId);
                    log.Add($"a{x}");
                    return x;
                }, o => o.Workers = 4)
                .Where("odd", static x => x % 2 == 1)
                .Stage("b", x =>
                {
                    log.Add($"b{x}");
                    return x * 10;
                }, o => o.Workers = 4)
                .Build();
            results = pipeline.RunSynchronously(Enumerable.Range(0, 4));
            return log;
        }

        List<string> first = Log(out IReadOnlyList<int> results);
        Assert.Equal([10, 30], results);
        Assert.Equal(["a0", "a1", "b1", "a2", "a3", "b3"], first);
        Assert.Equal(first, Log(out _));
    }

    [Fact]
    public void RunSynchronously_StageThrows_ThrowsItHere()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("test me")
            .Stage("a", static int (x) => throw new FormatException())
            .Build();
        Assert.IsType<FormatException>(Assert.Throws<PipelineStageException>(() => pipeline.RunSynchronously([1])).InnerException);
    }

    [Fact]
    public void RunSynchronously_OneToMany_GivesOnePartAtATime()
    {
        List<string> log = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("test me")
            .SelectMany("split", x => Enumerable.Range(0, 40).Select(part =>
            {
                log.Add($"part {part}");
                return part;
            }))
            .Stage("work", x =>
            {
                log.Add($"work {x}");
                return x;
            })
            .Build();
        pipeline.RunSynchronously([1]);
        Assert.Equal(Enumerable.Range(0, 40).SelectMany(static part => new[] { $"part {part}", $"work {part}" }), log);
    }

    [Fact]
    public void RunSynchronously_StageThrows_DisposesResultsThatNobodyGets()
    {
        StrongBoxOfItems items = new();
        StagedPipeline<TrackedItem, TrackedItem> pipeline = PipelineBuilder.Start<TrackedItem>("test me")
            .Stage("a", static x => x.Number == 3 ? throw new FormatException() : x)
            .Build();
        Assert.Throws<PipelineStageException>(() => pipeline.RunSynchronously(Enumerable.Range(0, 5).Select(n => items.New(n))));
        Assert.Equal(4, items.All.Count);
        Assert.All(items.All, static item => Assert.Equal(1, item.Disposals));
    }

    [Fact]
    public async Task ItemTimeout_BodyThatHangs_FailsTheAttemptAndIsRetried()
    {
        int tries = 0;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("slow")
            .Stage("hang once", async (x, ct) =>
            {
                if (tries++ == 0)
                    await Task.Delay(Timeout.Infinite, ct);
                return x;
            },
                o => (o.ItemTimeout, o.OnFailure) = (TimeSpan.FromMilliseconds(20), FailurePolicy.Stop.WithRetry(2, TimeSpan.Zero)))
            .Stage("hang", async (x, ct) =>
            {
                await Task.Delay(Timeout.Infinite, ct);
                return x;
            },
                o => (o.ItemTimeout, o.OnFailure) = (TimeSpan.FromMilliseconds(20), FailurePolicy.Skip))
            .Build();
        RunReport report = await pipeline.RunAsync([1]).OrHang();
        Assert.Equal((1L, 1L), (report.Stages[0].Retries, report.ItemsFailed));
        Assert.Contains("'hang' took longer than", Assert.IsType<TimeoutException>(report.Failures[0].Exception).Message);
    }

    [Fact]
    public async Task DeadLetter_ItemsThatFailForGood_AreTold()
    {
        ConcurrentBag<ItemFailure> letters = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("letters")
            .Stage(
                "fail",
                static x => x % 3 == 0 ? throw new FormatException() : x,
                o => o.OnFailure = FailurePolicy.Skip.WithRetry(2, TimeSpan.Zero)).Build();
        await pipeline.RunAsync(Enumerable.Range(0, 9), new RunOptions { DeadLetter = letters.Add }).OrHang();
        Assert.Equal([(0L, 2), (3L, 2), (6L, 2)], letters.Select(l => (l.SequenceNumber, l.Attempts)).Order());
    }

    [Fact]
    public async Task Executor_DedicatedThreads_KeepAWorkerOnOneThread()
    {
        AffineStage stage = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("affine")
            .Stage("native", stage, o => (o.Workers, o.Executor) = (3, StageExecutor.DedicatedThreads)).Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 200), new RunOptions { Workers = 3 }).OrHang();
        Assert.Equal((200L, 0, 0), (report.ItemsCompleted, stage.Strays, stage.Open));
    }

    private sealed class AffineStage : IStage<int, int>
    {
        public int Strays;
        public int Open;

        public IStageWorker<int, int> CreateWorker(StageWorkerContext context)
        {
            Interlocked.Increment(ref Open);
            return new Worker(this);
        }

        private sealed class Worker(AffineStage stage) : IStageWorker<int, int>
        {
            private readonly int _thread = Environment.CurrentManagedThreadId;

            public ValueTask<int> ProcessAsync(int item, CancellationToken cancellationToken)
            {
                Check();
                return new(item);
            }

            public ValueTask DisposeAsync()
            {
                Check();
                Interlocked.Decrement(ref stage.Open);
                return default;
            }

            private void Check()
            {
                if (_thread != Environment.CurrentManagedThreadId)
                    Interlocked.Increment(ref stage.Strays);
            }
        }
    }
}
