using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

/// <summary>Which workers warm up with a second thread, and that the warm-up works. Other tests show that such workers serve.</summary>
public sealed class UrgentStartTests : PoolTest
{
    private const string Urgent = "--pipeline-worker-now";
    private const string Usual = "--pipeline-worker";

    [Fact]
    public async Task Start_ProcessorsAreIdle_WorkerWarmsUpAndSpareDoesNot()
    {
        ProcessPool pool = StartPool(options => options.Launch = WorkerLaunch.StaticMethods());
        WorkerFunction<Order, Answer> argument = FirstArgument(pool);
        Answer worker = await argument.CallAsync(new Order("x")).WaitAsync(Limit);
        Assert.Equal(Environment.ProcessorCount > 1 ? Urgent : Usual, worker.Text);

        await WorkersAndSpareAreReady(pool);
        Signals.Send(worker.ProcessId, Signals.Kill);
        await Eventually(() => pool.Snapshot().WorkerDeaths == 1);
        Answer spare = await argument.CallAsync(new Order("x")).WaitAsync(Limit);
        Assert.Equal(Usual, spare.Text);
        Assert.NotEqual(worker.ProcessId, spare.ProcessId);

        // A warm-up that fails says so on standard error.
        Assert.DoesNotContain(Log.Lines, line => line.Text.Contains("warm-up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WorkersForMoreThanHalfOfTheProcessors_NoneWarmsUp()
    {
        ProcessPool pool = StartPool(options =>
        {
            options.Launch = WorkerLaunch.StaticMethods();
            // two threads of each are too many by one; more workers could be too many for a small container
            options.Workers = Math.Clamp((Environment.ProcessorCount / 2) + 1, 1, 256);
        });
        Assert.Equal(Usual, (await FirstArgument(pool).CallAsync(new Order("x")).WaitAsync(Limit)).Text);
    }

    private static WorkerFunction<Order, Answer> FirstArgument(ProcessPool pool) => pool.Method<Order, Answer>(
        order => new Answer(Environment.GetCommandLineArgs()[^3], Environment.ProcessId), HostJson.Default.Order, HostJson.Default.Answer);
}
