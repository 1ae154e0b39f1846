namespace Pipeline.Core.Tests.Definitions;

/// <summary>Each wrong use says what was wrong, the value, the rule and the next step.</summary>
public sealed class WrongUseTests
{
    private static readonly PipelineBuilder<int, int> s_builder = PipelineBuilder.Start<int>("wrong").Stage("decode", static x => x);

    public static TheoryData<string, Action, string[]> Table => new()
    {
        { "blank pipeline", static () => PipelineBuilder.Start<int>(" "), ["blank name", "PipelineBuilder.Start"] },
        { "blank stage", static () => s_builder.Stage("", static x => x), ["blank name", "'wrong'", "Stage"] },
        { "blank group", static () => s_builder.Stage(" ", s_builder.Build()), ["blank name", "'wrong'", "Stage"] },
        { "duplicate stage", static () => s_builder.Stage("decode", static x => x), ["'decode'", "unique", "Choose another name"] },
        { "null body", static () => s_builder.Stage("b", (Func<int, int>)null!), ["Stage 'b'", "no body"] },
        { "null async body", static () =>
            s_builder.Stage("b", (Func<int, CancellationToken, ValueTask<int>>)null!), ["Stage 'b'", "no body"] },
        { "null stage object", static () => s_builder.Stage("b", (IStage<int, int>)null!), ["Stage 'b'", "no body"] },
        { "capacity 0", static () => s_builder.Stage("b", static x => x, static o => o.Capacity = 0),
            ["Stage 'b'", "capacity 0", "1 to 1,000,000", "StageOptions.Capacity"] },
        { "workers 0", static () => s_builder.Stage("b", static x => x, static o => o.Workers = 0),
            ["Stage 'b'", "0 workers", "1 to 1,024", "StageOptions.Workers"] },
        { "unknown order", static () =>
            s_builder.Stage("b", static x => x, static o => o.Order = (StageOrder)9), ["Stage 'b'", "9", "StageOptions.Order"] },
        { "null policy", static () =>
            s_builder.Stage("b", static x => x, static o => o.OnFailure = null!), ["Stage 'b'", "OnFailure", "FailurePolicy.Stop"] },
        { "item timeout", static () => s_builder.Stage("b", static x => x, static o => o.ItemTimeout = TimeSpan.Zero),
            ["Stage 'b'", "00:00:00", "1 ms to 1 day", "StageOptions.ItemTimeout"] },
        { "null executor", static () =>
            s_builder.Stage("b", static x => x, static o => o.Executor = null!), ["Stage 'b'", "no executor", "StageExecutor.Tasks"] },
        { "batch of 0", static () =>
            s_builder.Batch("b", new BatchOptions { MaxItems = 0 }), ["Stage 'b'", "0 items", "1 to 1,000,000", "BatchOptions.MaxItems"] },
        { "time limit of a sequence", static () => s_builder.SelectMany("b", static x => new[] { x }, static o =>
            o.ItemTimeout = TimeSpan.FromSeconds(1)), ["Stage 'b'", "00:00:01", "no time limit", "stage before"] },
        { "executor of a sequence", static () => s_builder.SelectMany("b", static x => new[] { x }, static o =>
            o.Executor = StageExecutor.DedicatedThreads), ["Stage 'b'", "executor", "StageExecutor.Tasks", "stage before"] },
        { "null predicate", static () => s_builder.Where("b", null!), ["Stage 'b'", "no body"] },
        { "null nested definition", static () => s_builder.Stage("b", (StagedPipeline<int, int>)null!), ["Stage 'b'", "no body"] },
        { "one branch", static () => s_builder.Broadcast("b", static x => x), ["Stage 'b'", "1 branches", "2 or more", "Add another"] },
        { "null branch", static () => s_builder.Broadcast("b", static x => x, null!), ["Branch 2 of stage 'b'", "null", "b => b"] },
        { "branch without result", static () => s_builder.Broadcast("b", static x => x, static x => (PipelineBuilder<int, int>)null!),
            ["Branch 2 of stage 'b'", "returned null", "Return what"] },
        { "duplicate in branches", static () => s_builder.Broadcast("b", static x => x.Stage("s", static y => y), static x =>
            x.Stage("s", static y => y)), ["'b/s'", "unique", "Choose another name"] },
        { "several owners", static () => PipelineBuilder.Start<TrackedItem>("p")
            .Broadcast("b", static x => x, static x => x), ["Stage 'b'", "TrackedItem", "disposable", "new Shared<TrackedItem>(item)"] },
        { "split in an ordered branch", static () => s_builder.Broadcast("b", static x => x, static x =>
            x.SelectMany("s", static y => new[] { y })), ["Stage 'b'", "input order", "'b/s'", "Completion"] },
        { "batch in a join", static () => s_builder.BroadcastJoin("b", static x => x, static x => x.Batch("s", new BatchOptions()),
            static (x, y) => x), ["Stage 'b'", "joins", "'b/s'", "Broadcast"] },
        { "null join", static () => s_builder.BroadcastJoin("b", static x => x, static x => x, (Func<int, int, int>)null!), ["join"] },
        { "no routes", static () => s_builder.Route<int, int, int>("b", static routes => null!), ["Stage 'b'", "no routes", "When"] },
        { "route behind the default", static () => s_builder.Route("b", static routes => routes.Otherwise(static x => x)
            .When(static x => true, static x => x)), ["default route", "Otherwise must come last", "Move it"] },
        { "null shared value", static () => _ = new Shared<TrackedItem>(null!), ["value"] },
        { "no stages", static () => PipelineBuilder.Start<int>("empty").Build(), ["'empty'", "no stages", "Stage before Build"] },
        { "null source", static () => s_builder.Build().Start((IEnumerable<int>)null!), ["source"] },
        { "null sink", static () => _ = s_builder.Build().RunAsync([1], (Func<int, CancellationToken, ValueTask>)null!), ["sink"] },
        { "run workers", static () => Run(new RunOptions { Workers = 0 }), ["0 workers", "1 to 1,024", "RunOptions.Workers"] },
        { "tuning to 0 workers", static () => Run(new RunOptions { WorkerTuning = new WorkerTuningOptions { MaxWorkers = 0 } }),
            ["at most 0 workers", "1 to 1,024", "WorkerTuningOptions.MaxWorkers"] },
        { "tuning with 0 items", static () => Run(new RunOptions { WorkerTuning = new WorkerTuningOptions { CalibrationItems = 0 } }),
            ["with 0 items", "1 to 1,000,000", "WorkerTuningOptions.CalibrationItems"] },
        { "tuning without accounts", static () => Run(new RunOptions { KeepAccounts = false, WorkerTuning = new WorkerTuningOptions() }),
            ["keep no accounts", "RunOptions.KeepAccounts"] },
        { "negative reported failures", static () =>
            Run(new RunOptions { MaxReportedFailures = -1 }), ["-1 failures", "0 or more", "RunOptions.MaxReportedFailures"] },
        { "negative budget", static () =>
            Run(new RunOptions { MemoryBudgetBytes = -5 }), ["-5 bytes", "1 or more", "RunOptions.MemoryBudgetBytes"] },
        { "no items in flight", static () => Run(new RunOptions { MaxItemsInFlight = 0 }), ["at most 0", "RunOptions.MaxItemsInFlight"] },
        { "progress interval", static () =>
            Run(new RunOptions { ProgressInterval = TimeSpan.Zero }), ["00:00:00", "10 ms to 1 minute", "RunOptions.ProgressInterval"] },
        { "no clock", static () => Run(new RunOptions { TimeProvider = null! }), ["no clock", "RunOptions.TimeProvider"] },
        { "negative expectation", static () => Run(new RunOptions { ExpectedItems = -1 }), ["expect -1", "RunOptions.ExpectedItems"] },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Table))]
    public void Call_WrongUse_SaysWhatToDo(string what, Action call, string[] words)
    {
        Exception error = Assert.ThrowsAny<Exception>(call);
        Assert.True(error is ArgumentException or InvalidOperationException, what);
        Assert.All(words, word => Assert.Contains(word, error.Message));
    }

    public static TheoryData<string, Func<Task>, string, string[]> Runs => new()
    {
        { "source throws", static () => s_builder.Build().RunAsync(Throwing()), "source", ["Stage 'source' failed on item 2", "torn"] },
        { "source gives null", static () => PipelineBuilder.Start<string>("p")
            .Stage("s", static x => x)
            .Build()
            .RunAsync(["a", null!]), "source", ["item 1", "gave null", "must not be null"] },
        { "sink throws", static () => s_builder.Build()
            .RunAsync([1], static (x, ct) => throw new IOException("disk full")), "sink", ["Stage 'sink' failed on item 0", "disk full"] },
        { "null result", static () => PipelineBuilder.Start<int>("p")
            .Stage("s", static x => (string)null!)
            .Build()
            .RunAsync([1]), "s", ["Stage 's' returned null for item 0", "must not be null"] },
        { "null parts", static () => PipelineBuilder.Start<int>("p")
            .SelectMany("s", static x => (IEnumerable<int>)null!)
            .Build()
            .RunAsync([1]), "s", ["Stage 's' returned null for item 0", "empty sequence"] },
        { "null part", static () => PipelineBuilder.Start<int>("p")
            .SelectMany("s", static x => new string[] { null! })
            .Build()
            .RunAsync([1]), "s", ["Stage 's' gave null as a part of item 0"] },
        { "null from join", static () => s_builder.BroadcastJoin("b", static x => x, static x => x, static (x, y) => (string)null!)
            .Build()
            .RunAsync([1]), "b/join", ["Stage 'b/join' returned null for item 0"] },
        { "null worker", static () => s_builder.Stage("s", new NoWorker())
            .Build()
            .RunAsync([1]), "s", ["Stage 's' returned null from CreateWorker", "Return a worker object"] },
        { "no route", static () => s_builder.Route("b", static routes => routes.When(static x => false, static x => x))
            .Build()
            .RunAsync([1]), "b", ["no route for item 0", "Otherwise"] },
        { "hidden disposable", static () => PipelineBuilder.Start<object>("p")
            .Broadcast("b", static x => x, static x => x)
            .Build()
            .RunAsync([new TrackedItem(1)]), "b", ["Stage 'b'", "TrackedItem", "several owners", "Shared<TrackedItem>"] },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Runs))]
    public async Task Run_WrongUse_SaysWhatToDo(string what, Func<Task> run, string stage, string[] words)
    {
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => run().OrHang());
        Assert.True(error.Stage == stage, $"{what}: {error.Stage}");
        Assert.All(words, word => Assert.Contains(word, error.Message));
    }

    /// <summary>Building twice is no mistake: a builder never changes, so it gives a second definition that runs beside the first.</summary>
    [Fact]
    public async Task Build_Twice_GivesTwoDefinitionsThatRunAtTheSameTime()
    {
        RunReport[] reports = await Task.WhenAll(s_builder.Build().RunAsync([1, 2]), s_builder.Build().RunAsync([3])).OrHang();
        Assert.Equal([2L, 1L], reports.Select(report => report.ItemsCompleted));
    }

    /// <summary>A run is not disposable, so there is no disposed run to use; what can be used too late is its input.</summary>
    [Fact]
    public async Task WriteAsync_RunHasEnded_SaysWhatToDo()
    {
        PipelineRun<int> run = s_builder.Build().StartPush(out PipelineInput<int> input);
        run.Drain();
        await run.Completion.OrHang();
        run.Drain();
        run.Abort(); // both do nothing on a run that has ended
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => input.WriteAsync(1).AsTask().OrHang());
        Assert.Contains("takes no more items", error.Message);
        Assert.Contains("Start a new run", error.Message);
        Assert.Equal(RunOutcome.Drained, run.Report!.Outcome);
    }

    [Fact]
    public void Shared_UsedAfterDispose_IsRefusedAndDisposesTheValueOnce()
    {
        TrackedItem item = new(1);
        Shared<TrackedItem> first = new(item), second = first.Share();
        first.Dispose();
        first.Dispose();
        Assert.Equal(0, item.Disposals);
        Assert.Throws<ObjectDisposedException>(() => first.Value);
        Assert.Throws<ObjectDisposedException>(first.Share);
        Assert.Same(item, second.Value);
        second.Dispose();
        Assert.Equal(1, item.Disposals);
    }

    private static IEnumerable<int> Throwing()
    {
        yield return 1;
        yield return 2;
        throw new IOException("torn");
    }

    private static void Run(RunOptions options) => _ = s_builder.Build().RunAsync([1], options);

    private sealed class NoWorker : IStage<int, int>
    {
        public IStageWorker<int, int> CreateWorker(StageWorkerContext context) => null!;
    }
}
