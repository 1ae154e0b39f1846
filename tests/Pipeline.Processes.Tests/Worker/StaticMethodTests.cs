using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

public sealed class StaticMethodTests : PoolTest
{
    private static int s_initialized;

    public static Answer Describe(Order order) =>
        new($"{order?.Text} {s_initialized} {AppContext.BaseDirectory}", Environment.ProcessId, order?.Number ?? 0);

    public static Answer Attempt(Order order, WorkerCallContext context) =>
        new(order?.Text ?? string.Empty, Environment.ProcessId, context?.Attempt ?? 0);

    [Fact]
    public async Task Method_StaticMethodOfATest_RunsInAnotherProcessOfTheSameApplication()
    {
        ProcessPool pool = StartPool(options => options.Launch = WorkerLaunch.StaticMethods(Initialize));
        WorkerFunction<Order, Answer> describe = pool.Method<Order, Answer>(Describe, HostJson.Default.Order, HostJson.Default.Answer);
        Answer answer = await describe.CallAsync(new Order("hello", 3)).WaitAsync(Limit);
        Assert.Equal($"hello 41 {AppContext.BaseDirectory}", answer.Text);
        Assert.Equal(3, answer.Number);
        Assert.NotEqual(Environment.ProcessId, answer.ProcessId);
        Assert.Equal(0, s_initialized);
    }

    [Fact]
    public async Task Method_WithContextAndLambda_Work()
    {
        ProcessPool pool = StartPool(options => options.Launch = WorkerLaunch.StaticMethods());
        WorkerFunction<Order, Answer> attempt = pool.Method<Order, Answer>(Attempt, HostJson.Default.Order, HostJson.Default.Answer);
        WorkerFunction<Order, Answer> lambda = pool.Method<Order, Answer>(
            order => new Answer(order.Text.ToUpperInvariant(), Environment.ProcessId), HostJson.Default.Order, HostJson.Default.Answer);
        Assert.Equal(1, (await attempt.CallAsync(new Order("x")).WaitAsync(Limit)).Number);
        Assert.Equal("LOUD", (await lambda.CallAsync(new Order("loud")).WaitAsync(Limit)).Text);
    }

    [Fact]
    public void Method_LambdaThatCaptures_IsRefusedWithTheReason()
    {
        ProcessPool pool = StartPool(options => options.Launch = WorkerLaunch.StaticMethods());
        string captured = Folder;
        ArgumentException error = Assert.Throws<ArgumentException>(() => pool.Method<Order, Answer>(
            order => new Answer(captured, 0), HostJson.Default.Order, HostJson.Default.Answer));
        Assert.Contains("capture nothing", error.Message);
    }

    [Fact]
    public async Task Method_WorkerStartsAnotherProgram_ThatOneIsNoWorker()
    {
        ProcessPool pool = StartPool(options => options.Launch = WorkerLaunch.StaticMethods());
        WorkerFunction<Order, Answer> variable = pool.Method<Order, Answer>(
            order =>
                new Answer(Environment.GetEnvironmentVariable(order.Text) ?? "(none)", 0), HostJson.Default.Order, HostJson.Default.Answer);
        Assert.Equal("(none)", (await variable.CallAsync(new Order("DOTNET_STARTUP_HOOKS")).WaitAsync(Limit)).Text);
    }

    private static void Initialize() => s_initialized = 41;
}
