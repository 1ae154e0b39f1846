using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Core;
using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

/// <summary>A stage that is moved from tasks to processes does the same.</summary>
public sealed class ProcessExecutorTests : PoolTest
{
    [Fact]
    public void Processes_AnyItemsAndSettings_GivesWhatTasksGive()
    {
        ProcessPool pool = StartPool(options => options.Workers = 2);
        Prop.ForAll(
            ArbMap.Default.ArbFor<PositiveInt[]>(),
            ArbMap.Default.ArbFor<(bool Ordered, bool Retries, PositiveInt Workers, bool Budget)>(),
            (numbers, settings) =>
            {
                Order[] items = [.. numbers.Select((number, i) => new Order($"item {i}", number.Get))];
                Summary tasks = Run(items, settings, StageExecutor.Tasks);
                Summary processes = Run(items, settings, StageExecutor.Processes(pool, HostJson.Default));
                Assert.Equal(tasks.Results, processes.Results);
                Assert.Equal(tasks.Failed, processes.Failed);
                Assert.Equal(tasks.Counts, processes.Counts);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public async Task Processes_StopPolicy_TheExceptionNamesStageItemAndAttempt()
    {
        ProcessPool pool = StartPool();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => PipelineBuilder.Start<Order>("develop")
            .Stage("work", new WorkStage(), options => options.Executor = StageExecutor.Processes(pool, HostJson.Default))
            .Build().RunAsync([new Order("a", 1), new Order("b", 3)]).WaitAsync(Limit));
        Assert.Equal(("work", 1L, 1), (error.Stage, error.SequenceNumber, error.Attempt));
        WorkerFunctionException inner = Assert.IsType<WorkerFunctionException>(error.InnerException);
        Assert.Equal("System.IO.InvalidDataException", inner.RemoteType);
    }

    [Fact]
    public async Task Processes_StaticMethodsAsBodies_RunInOtherProcesses()
    {
        ProcessPool pool = StartPool(options => options.Launch = WorkerLaunch.StaticMethods());
        StageExecutor processes = StageExecutor.Processes(pool, HostJson.Default);
        List<string> results = [];
        await PipelineBuilder.Start<Order>("develop")
            .Stage("work", WorkStage.Work, options => options.Executor = processes)
            .Stage("async", async (answer, _) =>
            {
                await Task.Yield();
                return answer with { ProcessId = Environment.ProcessId };
            }, options => options.Executor = processes)
            .Build().RunAsync([new Order("a", 1), new Order("b", 2)], Collect).WaitAsync(Limit);
        Assert.Equal([WorkStage.Work(new Order("a", 1)).Text, WorkStage.Work(new Order("b", 2)).Text], results);

        ValueTask Collect(Answer answer, CancellationToken cancellationToken)
        {
            Assert.NotEqual(Environment.ProcessId, answer.ProcessId);
            results.Add(answer.Text);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Processes_StageObjectInAPoolOfMethods_SaysWhatToDo()
    {
        ProcessPool pool = StartPool(options => options.Launch = WorkerLaunch.StaticMethods());
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => PipelineBuilder.Start<Order>("develop")
            .Stage("work", new WorkStage(), options => options.Executor = StageExecutor.Processes(pool, HostJson.Default))
            .Build().RunAsync([new Order("a", 1)]).WaitAsync(Limit));
        Assert.IsType<NotSupportedException>(error.InnerException);
        Assert.Contains("workers.AddStage(\"work\", ...)", error.InnerException!.Message);
    }

    [Fact]
    public async Task Processes_TypeIsNotInTheContext_SaysWhatToAdd()
    {
        ProcessPool pool = StartPool();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => PipelineBuilder.Start<Version>("develop")
            .Stage("work", version => version, options => options.Executor = StageExecutor.Processes(pool, HostJson.Default))
            .Build().RunAsync([new Version(1, 0)]).WaitAsync(Limit));
        Assert.Contains("[JsonSerializable(typeof(Version))]", error.InnerException!.Message);
    }

    [Fact]
    public async Task Processes_Filter_IsRefused()
    {
        ProcessPool pool = StartPool();
        PipelineStageException error = await Assert.ThrowsAsync<PipelineStageException>(() => PipelineBuilder.Start<Order>("develop")
            .Where("keep", order => order.Number > 1, options => options.Executor = StageExecutor.Processes(pool, HostJson.Default))
            .Build().RunAsync([new Order("a", 1)]).WaitAsync(Limit));
        Assert.IsType<NotSupportedException>(error.InnerException);
    }

    [Fact]
    public async Task Processes_ItemTimeout_TheWorkerOfTheItemIsDeadAndTheNextItemIsDone()
    {
        string file = Path.Combine(Folder, "hanging");
        FakeTimeProvider clock = new();
        ProcessPool pool = StartPool();
        Task<RunReport> run = PipelineBuilder.Start<Order>("develop")
            .Stage("hang-if", static order => new Answer(order.Text, 0), options =>
            {
                options.Executor = StageExecutor.Processes(pool, HostJson.Default);
                options.OnFailure = FailurePolicy.Skip;
                options.ItemTimeout = TimeSpan.FromSeconds(1);
            })
            .Build().RunAsync(
                [new Order("hangs", 1, file), new Order("next", 2)], new RunOptions { Workers = pool.Workers, TimeProvider = clock });
        int worker = await HangingProcess(file);
        clock.Advance(TimeSpan.FromSeconds(1));
        RunReport report = await run.WaitAsync(Limit);
        Assert.IsType<TimeoutException>(Assert.Single(report.Failures).Exception);
        Assert.Equal(1, report.ItemsCompleted);
        Assert.False(IsAlive(worker));
    }

    [Fact]
    public async Task Processes_RunIsCanceled_EndsWithTheCallersTokenAndNoBodyIsLeft()
    {
        string file = Path.Combine(Folder, "hanging");
        ProcessPool pool = StartPool();
        using CancellationTokenSource cancel = new();
        Task<RunReport> run = PipelineBuilder.Start<Order>("develop")
            .Stage(
                "hang",
                static order => new Answer(order.Text, 0),
                options => options.Executor = StageExecutor.Processes(pool, HostJson.Default))
            .Build().RunAsync([new Order("x", 0, file)], cancellationToken: cancel.Token);
        int worker = await HangingProcess(file);
        await cancel.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Limit));
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.False(IsAlive(worker));
    }

    [Fact]
    public async Task Processes_PixelsInSharedMemory_StayWithinTheBudgetOfTheRun()
    {
        const long Budget = 5L << 20;
        ProcessPool pool = StartPool(options => options.Workers = 2);
        int intact = 0;
        RunReport report = await PipelineBuilder.Start<Order>("develop")
            .Stage("fill", new FillEstimate(), options => options.Executor = StageExecutor.Processes(pool, HostJson.Default))
            .Build().RunAsync(
                Enumerable.Range(0, 40).Select(i => new Order($"{1 << 20}", i)),
                (pixels, _) =>
                {
                    intact += SharedBufferCallTests.HoldsFilled(pixels) ? 1 : 0;
                    pixels.Dispose();
                    return ValueTask.CompletedTask;
                },
                new RunOptions { Workers = 8, MemoryBudgetBytes = Budget }).WaitAsync(Limit);
        Assert.Equal(40, intact);
        Assert.InRange(report.PeakInFlightBytes, 1 << 20, Budget);
        SharedBufferUsage usage = pool.SharedBuffers.Snapshot();
        Assert.InRange(usage.PeakInUse, 1 << 20, Budget);
        Assert.Equal((0, 0), (usage.InUse, usage.Copied));
    }

    private static Summary Run(
        Order[] items, (bool Ordered, bool Retries, PositiveInt Workers, bool Budget) settings, StageExecutor executor)
    {
        List<string> results = [];
        RunReport report = PipelineBuilder.Start<Order>("test")
            .Stage("work", new WorkStage(), options =>
            {
                options.Executor = executor;
                options.Order = settings.Ordered ? StageOrder.Input : StageOrder.Completion;
                options.OnFailure = settings.Retries ? FailurePolicy.Skip.WithRetry(3, TimeSpan.Zero) : FailurePolicy.Skip;
            })
            .Build().RunAsync(
                items,
                (answer, _) =>
                {
                    results.Add(answer.Text);
                    return ValueTask.CompletedTask;
                },
                new RunOptions { Workers = 1 + (settings.Workers.Get % 4), MemoryBudgetBytes = settings.Budget ? 2500 : null })
            .WaitAsync(Limit).GetAwaiter().GetResult();
        if (!settings.Ordered)
            results.Sort(StringComparer.Ordinal);
        Assert.True(
            report.MemoryBudgetBytes is null || report.PeakInFlightBytes <= report.MemoryBudgetBytes,
            $"{report.PeakInFlightBytes} bytes in flight");
        return new Summary(
            results,
            [.. report.Failures.Select(failure => (failure.SequenceNumber, failure.Attempts)).Order()],
            $"{report.ItemsIn} in, {report.ItemsCompleted} completed, {report.ItemsFailed} failed, {report.Stages[0].Retries} retries");
    }

    private sealed record Summary(List<string> Results, List<(long Number, int Attempts)> Failed, string Counts);

    /// <summary>Stands for the stage "fill" of the workers: says how much it will need.</summary>
    private sealed class FillEstimate : IStage<Order, Pixels>, IWeightEstimator<Order>
    {
        public long EstimateWeightBytes(Order item) => long.Parse(item.Text, System.Globalization.CultureInfo.InvariantCulture);

        public IStageWorker<Order, Pixels> CreateWorker(StageWorkerContext context) =>
            throw new InvalidOperationException("It runs in worker processes.");
    }
}
