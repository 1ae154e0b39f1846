namespace Pipeline.Core.Tests.Runs;

public sealed class FailureTests
{
    [Fact]
    public async Task MaxReportedFailures_MoreItemsFail_KeepsTheFirstAndCountsAll()
    {
        int letters = 0;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("many failures")
            .Stage("fail", static int (x) => throw new FormatException(), o => (o.Workers, o.OnFailure) = (1, FailurePolicy.Skip))
            .Build();
        RunReport report = await pipeline.RunAsync(
            Enumerable.Range(0, 100), new RunOptions { MaxReportedFailures = 3, DeadLetter = _ => letters++ }).OrHang();
        Assert.Equal([0L, 1, 2], report.Failures.Select(failure => failure.SequenceNumber));
        Assert.Equal((100L, 100), (report.ItemsFailed, letters));
    }

    [Fact]
    public async Task RunAsync_StageThrows_GivesOneExceptionWithTheFacts()
    {
        InvalidOperationException original = new("broken");
        StagedPipeline<int, string> pipeline = PipelineBuilder.Start<int>("failing")
            .Stage("fine", static x => x.ToString())
            .Stage("fail", x => x == "7" ? throw original : x)
            .Build();
        PipelineRun<string> run = pipeline.Start(Enumerable.Range(0, 1_000_000));
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => run.Completion.OrHang());
        Assert.Equal(("fail", 7L, "7", 1), (error.Stage, error.SequenceNumber, error.Item, error.Attempt));
        Assert.Same(original, error.InnerException);
        Assert.Equal(RunOutcome.Faulted, run.Report!.Outcome);
        ItemFailure failure = Assert.Single(run.Report.Failures);
        Assert.Equal(("fail", 7L, 7), (failure.Stage, failure.SequenceNumber, failure.Source));
    }

    [Fact]
    public async Task RunAsync_Skip_DeliversTheOthersInOrder()
    {
        List<int> results = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("skipping")
            .Stage(
                "odd only",
                static x => x % 2 == 0 ? throw new FormatException($"even {x}") : x,
                o => (o.Workers, o.OnFailure) = (4, FailurePolicy.Skip))
            .Stage("next", static x => x, o => o.Workers = 3)
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 200), (x, _) =>
        {
            results.Add(x);
            return default;
        }).OrHang();
        Assert.Equal(Enumerable.Range(0, 200).Where(x => x % 2 == 1), results);
        Assert.Equal((RunOutcome.Completed, 100L, 100L), (report.Outcome, report.ItemsCompleted, report.ItemsFailed));
        Assert.Equal(100, report.Failures.Count);
    }

    [Fact]
    public async Task RunAsync_Retry_TriesAgainAndCountsIt()
    {
        Dictionary<int, int> tries = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("stubborn")
            .Stage("third time", x =>
            {
                tries[x] = tries.GetValueOrDefault(x) + 1;
                return tries[x] < 3 ? throw new TimeoutException() : x;
            }, o => (o.Workers, o.OnFailure) = (1, FailurePolicy.Stop.WithRetry(3, TimeSpan.FromMilliseconds(1))))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 10)).OrHang();
        Assert.Equal((10L, 20L), (report.ItemsCompleted, report.Stages[0].Retries));
    }

    [Fact]
    public async Task RunAsync_SeveralItemsOfATurnFailOnce_EachIsTriedAgain()
    {
        // Tiny bodies are taken in turns of up to 128; an item must not inherit the attempts of one before it.
        HashSet<int> tried = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("retried")
            .Stage(
                "work",
                x => x % 10 == 0 && tried.Add(x) ? throw new InvalidOperationException() : x,
                static o => (o.Workers, o.OnFailure) = (1, FailurePolicy.Stop.WithRetry(2, TimeSpan.Zero)))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 2000), new RunOptions { Workers = 1 }).OrHang();
        Assert.Equal((2000L, 200L), (report.ItemsCompleted, Assert.Single(report.Stages).Retries));
    }

    [Fact]
    public async Task RunAsync_RetryDelay_LeavesTheProcessorToOthers()
    {
        // One body at a time and an item that waits an hour for its next attempt: the others go on meanwhile.
        TaskCompletionSource othersDone = new();
        int finished = 0;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("patient")
            .Stage(
                "work",
                x => x == 0 ? throw new TimeoutException() : x,
                o => (o.Workers, o.Order, o.OnFailure) = (2, StageOrder.Completion, FailurePolicy.Stop.WithRetry(2, TimeSpan.FromHours(1))))
            .Build();
        PipelineRun<int> run = pipeline.Start(Enumerable.Range(0, 10), (x, _) =>
        {
            if (++finished == 9)
                othersDone.SetResult();
            return default;
        }, new RunOptions { Workers = 1 });
        await othersDone.Task.OrHang();
        run.Abort();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Completion.OrHang());
        Assert.Equal((9L, 1L), (run.Report!.ItemsCompleted, run.Report.ItemsUnfinished));
    }

    [Fact]
    public async Task RunAsync_MoreFailuresThanTheCount_StopsTheRun()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("bounded failures")
            .Stage(
                "fail",
                static int (x) => throw new FormatException(),
                o => (o.Workers, o.OnFailure) = (1, FailurePolicy.Skip.WithMaxFailures(3)))
            .Build();
        PipelineRun<int> run = pipeline.Start(Enumerable.Range(0, 100));
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => run.Completion.OrHang());
        Assert.Equal(3, error.SequenceNumber);
        Assert.Equal(4, run.Report!.ItemsFailed);
    }

    [Fact]
    public async Task RunAsync_HigherFailureRateThanAllowed_StopsTheRunFromItem20()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("bounded rate")
            .Stage(
                "fail",
                static x => x % 2 == 0 ? throw new FormatException() : x,
                o => (o.Workers, o.OnFailure) = (1, FailurePolicy.Skip.WithMaxFailureRate(0.25)))
            .Build();
        PipelineRun<int> run = pipeline.Start(Enumerable.Range(0, 100));
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => run.Completion.OrHang());
        Assert.InRange(error.SequenceNumber, 19, 20);
    }

    [Fact]
    public async Task RunAsync_FailuresAmongTinyItems_RateCountsThoseThatSucceededInTheSameTurn()
    {
        // Item 30 is the eighth failure among 31. The stage has learned by item 16 that its bodies are tiny, so that a turn takes many items.
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("rate of a turn")
            .Stage(
                "fail",
                static x => x >= 16 && x % 2 == 0 ? throw new FormatException() : x,
                o => (o.Workers, o.OnFailure) = (1, FailurePolicy.Skip.WithMaxFailureRate(0.25)))
            .Build();
        PipelineRun<int> run = pipeline.Start(Enumerable.Range(0, 100));
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => run.Completion.OrHang());
        Assert.Equal(30, error.SequenceNumber);
    }

    [Fact]
    public async Task RunAsync_FewFailuresAmongItemsThatAreLeftOut_RateCountsThoseToo()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("rate of a filter")
            .Where(
                "first",
                static x => x is 500 or 1000 ? throw new FormatException() : x < 30,
                o => (o.Workers, o.OnFailure) = (1, FailurePolicy.Skip.WithMaxFailureRate(0.05)))
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 2000)).OrHang();
        Assert.Equal((2L, 30L, 1968L), (report.ItemsFailed, report.ItemsCompleted, report.ItemsSkipped));
    }

    [Fact]
    public async Task DeadLetter_BatchFails_IsToldEveryItem()
    {
        List<object?> told = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("batches")
            .Batch("collect", new BatchOptions { MaxItems = 5 })
            .Batch("collect more", new BatchOptions { MaxItems = 2 })
            .Stage("fail", static int (batch) => throw new FormatException(), o => o.OnFailure = FailurePolicy.Skip)
            .Build();
        RunReport report = await pipeline.RunAsync(
            Enumerable.Range(0, 30),
            new RunOptions { Workers = 1, MaxReportedFailures = 12, DeadLetter = failure => told.Add(failure.Source) }).OrHang();
        Assert.Equal(Enumerable.Range(0, 30).Cast<object?>(), told);
        Assert.Equal((30L, 12), (report.ItemsFailed, report.Failures.Count));
        Assert.Equal(
            Enumerable.Range(0, 12).Select(static number => (long)number), report.Failures.Select(failure => failure.SequenceNumber));
    }

    [Fact]
    public async Task DeadLetter_PartsOfABatchFail_IsToldEveryItemOnceAndEachFurtherPart()
    {
        List<object?> told = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("parts of batches")
            .Batch("collect", new BatchOptions { MaxItems = 3 })
            .SelectMany("open", static batch => batch)
            .Stage("fail", static int (part) => part is 1 or 2 ? throw new FormatException() : part, o => o.OnFailure = FailurePolicy.Skip)
            .Build();
        RunReport report = await pipeline.RunAsync(
            Enumerable.Range(0, 6), new RunOptions { Workers = 1, DeadLetter = failure => told.Add(failure.Source) }).OrHang();
        Assert.Equal([0, 1, 2, 0], told); // the second part is told by the first item of the batch
        Assert.Equal((3L, 3L), (report.ItemsFailed, report.ItemsCompleted));
    }

    [Fact]
    public async Task DeadLetter_ThrowsForAFailureThatStopsTheRun_DoesNotHideIt()
    {
        FormatException broken = new("broken");
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("refused").Stage("fail", int (x) => throw broken).Build();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() =>
            pipeline.RunAsync([1], new RunOptions { DeadLetter = static _ => throw new IOException("disk full") }).OrHang());
        Assert.Equal("fail", error.Stage);
        Assert.Same(broken, error.InnerException);
    }

    [Fact]
    public async Task DeadLetter_ThrowsForOneItemOfABatch_IsToldTheOthers()
    {
        List<object?> told = [];
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("refused")
            .Batch("collect", new BatchOptions { MaxItems = 3 })
            .Stage("fail", static int (batch) => throw new FormatException(), static o => o.OnFailure = FailurePolicy.Skip)
            .Build();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => pipeline.RunAsync([1, 2, 3], new RunOptions
        {
            DeadLetter = failure =>
            {
                told.Add(failure.Source);
                throw new IOException("disk full");
            },
        }).OrHang());
        Assert.Equal("dead letter", error.Stage);
        Assert.Equal([1, 2, 3], told);
    }

    [Fact]
    public async Task RunAsync_WeightOfASourceItemThrows_DisposesIt()
    {
        Unweighable item = new();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() =>
            PipelineBuilder.Start<Unweighable>("unweighable").Stage("same", static x => x).Build().RunAsync([item]).OrHang());
        Assert.Equal("source", error.Stage);
        Assert.Equal(1, item.Disposals);
    }

    [Fact]
    public async Task RunAsync_DisposalOfAWorkerThrows_DisposesTheOthers()
    {
        ReluctantStage stage = new();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() =>
            PipelineBuilder.Start<int>("reluctant")
                .Stage("stage", stage, static o => o.Workers = 3)
                .Build()
                .RunAsync(Enumerable.Range(0, 3), new RunOptions { Workers = 3 })
                .OrHang());
        Assert.Equal("stage", error.Stage);
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Equal((3, 3), (stage.Created, stage.Disposed));
    }

    [Fact]
    public async Task RunAsync_SourceThrows_NamesTheSource()
    {
        static IEnumerable<int> Source()
        {
            yield return 1;
            throw new IOException("disk gone");
        }

        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("source").Stage("same", static x => x).Build();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => pipeline.RunAsync(Source()).OrHang());
        Assert.Equal(("source", 1L), (error.Stage, error.SequenceNumber));
        Assert.IsType<IOException>(error.InnerException);
    }

    [Fact]
    public async Task RunAsync_SinkThrows_NamesTheSink()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("sink").Stage("same", static x => x).Build();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(
            () => pipeline.RunAsync(Enumerable.Range(0, 9), static (x, _) => throw new IOException("disk full")).OrHang());
        Assert.Equal(("sink", 0L), (error.Stage, error.SequenceNumber));
    }

    [Fact]
    public async Task RunAsync_BodyReturnsNull_FailsTheItem()
    {
        StagedPipeline<int, string> pipeline = PipelineBuilder.Start<int>("null").Stage("nothing", static string (x) => null!).Build();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => pipeline.RunAsync([1]).OrHang());
        Assert.Contains("Stage 'nothing' returned null for item 0", error.Message);
    }

    [Fact]
    public async Task RunAsync_CreateWorkerThrows_FailsTheItem()
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("stillborn").Stage("stage", new StillbornStage()).Build();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => pipeline.RunAsync([1]).OrHang());
        Assert.IsType<DllNotFoundException>(error.InnerException);
    }

    private sealed class Unweighable : IWeighted, IDisposable
    {
        public long WeightBytes => throw new FormatException();

        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }

    private sealed class StillbornStage : IStage<int, int>
    {
        public IStageWorker<int, int> CreateWorker(StageWorkerContext context) => throw new DllNotFoundException("libraw");
    }

    /// <summary>Three workers, each with one item at a time, and each fails to dispose.</summary>
    private sealed class ReluctantStage : IStage<int, int>
    {
        private readonly TaskCompletionSource _all = new();
        private int _created;
        private int _disposed;

        public int Created => _created;

        public int Disposed => _disposed;

        public IStageWorker<int, int> CreateWorker(StageWorkerContext context) => new Worker(this);

        private sealed class Worker : IStageWorker<int, int>
        {
            private readonly ReluctantStage _stage;

            public Worker(ReluctantStage stage)
            {
                _stage = stage;
                if (Interlocked.Increment(ref stage._created) == 3)
                    stage._all.SetResult();
            }

            public async ValueTask<int> ProcessAsync(int item, CancellationToken cancellationToken)
            {
                await _stage._all.Task.OrHang();
                return item;
            }

            public ValueTask DisposeAsync()
            {
                Interlocked.Increment(ref _stage._disposed);
                throw new FormatException();
            }
        }
    }
}
