using Pipeline.Core;
using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

public sealed class WorkerStageTests : PoolTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Run_InProcesses_GivesTheResultsOfTasksInOrder(int workers)
    {
        Order[] items = [.. Enumerable.Range(0, 60).Select(i => new Order($"item {i}", i))];
        ProcessPool pool = StartPool(options => options.Workers = workers);
        List<string> tasks = await Run(items, builder => builder.Stage("echo", order => new Answer(order.Text, 0, order.Number)), workers);
        List<string> processes =
            await Run(items, builder => builder.Stage("echo", new WorkerStage<Order, Answer>(Function(pool, "echo"))), workers);
        Assert.Equal(tasks, processes);
    }

    [Fact]
    public async Task Run_ItemKillsItsWorkers_OnlyThatItemFails()
    {
        ProcessPool pool = StartPool(options => options.Workers = 2);
        StagedPipeline<Order, Answer> pipeline = PipelineBuilder.Start<Order>("develop")
            .Stage("decode", new WorkerStage<Order, Answer>(Function(pool, "abort-if")), options => options.OnFailure = FailurePolicy.Skip)
            .Build();
        RunReport report = await pipeline.RunAsync(
            Enumerable.Range(0, 40).Select(i => new Order($"photo {i}", i == 7 ? 1 : 0)), new RunOptions { Workers = 2 }).WaitAsync(Limit);
        Assert.Equal((40, 39, 1), (report.ItemsIn, report.ItemsCompleted, report.ItemsFailed));
        ItemFailure failure = Assert.Single(report.Failures);
        Assert.Equal(7, failure.SequenceNumber);
        WorkerCrashedException crash = Assert.IsType<WorkerCrashedException>(failure.Exception);
        Assert.Contains("photo 7", crash.Item);
        Assert.Equal(2, pool.Snapshot().WorkerDeaths);
    }

    [Fact]
    public async Task Run_Canceled_TheWorkersOfItsItemsAreDead()
    {
        string file = Path.Combine(Folder, "hanging");
        ProcessPool pool = StartPool();
        StagedPipeline<Order, Answer> pipeline = PipelineBuilder.Start<Order>("develop")
            .Stage("hang", new WorkerStage<Order, Answer>(Function(pool, "hang"))).Build();
        using CancellationTokenSource cancel = new();
        Task<RunReport> run = pipeline.RunAsync([new Order("x", 0, file)], new RunOptions { Workers = 1 }, cancel.Token);
        int worker = await HangingProcess(file);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Limit));
        Assert.False(IsAlive(worker));
    }

    private static async Task<List<string>> Run(
        Order[] items, Func<PipelineBuilder<Order, Order>, PipelineBuilder<Order, Answer>> stage, int workers)
    {
        List<string> results = [];
        await stage(PipelineBuilder.Start<Order>("test")).Build().RunAsync(
            items,
            (answer, _) =>
            {
                results.Add($"{answer.Text} {answer.Number}");
                return ValueTask.CompletedTask;
            },
            new RunOptions { Workers = workers }).WaitAsync(Limit);
        return results;
    }
}
