using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

public sealed class ProcessPoolCallTests : PoolTest
{
    [Fact]
    public async Task CallAsync_Echo_AnswersFromAnotherProcess()
    {
        ProcessPool pool = StartPool();
        Answer answer = await Function(pool, "echo").CallAsync(new Order("hello", 7)).WaitAsync(Limit);
        Assert.Equal("hello", answer.Text);
        Assert.Equal(7, answer.Number);
        Assert.NotEqual(Environment.ProcessId, answer.ProcessId);
    }

    [Fact]
    public async Task CallAsync_ThousandsAtOnce_EachGetsItsOwnAnswer()
    {
        ProcessPool pool = StartPool(options => (options.Workers, options.TimeProvider) = (2, new FakeTimeProvider()));
        await pool.WhenReadyAsync().WaitAsync(Limit);
        WorkerFunction<Order, Answer> echo = Function(pool, "echo");
        int first = pool.Snapshot().ProcessIds[0];
        // so that it cannot have answered each call before the next one is made, which would leave the other worker without any
        Signals.Send(first, Signals.Stop);
        Task<Answer>[] calls = [.. Enumerable.Range(0, 5000).Select(i => echo.CallAsync(new Order($"item {i}", i)))];
        Signals.Send(first, Signals.Continue);
        Answer[] answers = await Task.WhenAll(calls).WaitAsync(Limit);
        for (int i = 0; i < answers.Length; i++)
            Assert.Equal(($"item {i}", i), (answers[i].Text, answers[i].Number));
        Assert.Equal(2, answers.Select(answer => answer.ProcessId).Distinct().Count());
        Assert.Equal(5000, pool.Snapshot().CallsCompleted);
    }

    [Fact]
    public async Task CallAsync_SeveralMegabytes_ArriveWhole()
    {
        ProcessPool pool = StartPool();
        string text = new('x', 5_000_000);
        Task<Answer>[] calls = [.. Enumerable.Range(0, 8).Select(i => Function(pool, "echo").CallAsync(new Order(text, i)))];
        foreach (Answer answer in await Task.WhenAll(calls).WaitAsync(Limit))
            Assert.Equal(text, answer.Text);
    }

    [Fact]
    public async Task CallAsync_HandlerThrows_FailsWithTypeMessageAndStackAndTheWorkerLives()
    {
        ProcessPool pool = StartPool();
        WorkerFunctionException error = await Assert.ThrowsAsync<WorkerFunctionException>(
            () => Function(pool, "throw").CallAsync(new Order("bad header")).WaitAsync(Limit));
        Assert.Equal("System.IO.InvalidDataException", error.RemoteType);
        Assert.Equal("bad header", error.RemoteMessage);
        Assert.Contains("Functions", error.RemoteText);
        await Function(pool, "echo").CallAsync(new Order("still here")).WaitAsync(Limit);
        Assert.Equal(0, pool.Snapshot().WorkerDeaths);
    }

    [Fact]
    public async Task CallAsync_UnknownFunction_NamesTheOnesThatExist()
    {
        ProcessPool pool = StartPool();
        WorkerFunctionException error = await Assert.ThrowsAsync<WorkerFunctionException>(
            () => Function(pool, "no-such").CallAsync(new Order("x")).WaitAsync(Limit));
        Assert.Contains("'no-such'", error.Message);
        Assert.Contains("echo", error.Message);
    }

    [Fact]
    public async Task CallAsync_AsynchronousHandler_Answers()
    {
        ProcessPool pool = StartPool();
        Answer answer = await Function(pool, "async").CallAsync(new Order("later")).WaitAsync(Limit);
        Assert.Equal("later", answer.Text);
    }

    [Fact]
    public async Task CallAsync_HandlerWithState_KeepsItBetweenCallsAndDisposesItAtTheEnd()
    {
        ProcessPool pool = StartPool(options =>
        {
            options.Environment["TEST_DISPOSE_FOLDER"] = Folder;
            options.TimeProvider = new FakeTimeProvider(); // the time to clean up does not end
        });
        WorkerFunction<Order, Answer> counter = Function(pool, "counter");
        for (int i = 1; i <= 3; i++)
            Assert.Equal(i, (await counter.CallAsync(new Order("x")).WaitAsync(Limit)).Number);
        await pool.WhenReadyAsync().WaitAsync(Limit);
        int worker = Assert.Single(pool.Snapshot().ProcessIds);
        await pool.DisposeAsync();
        Assert.True(File.Exists(Path.Combine(Folder, worker.ToString())), "The worker did not dispose its state.");
    }

    [Fact]
    public async Task CallAsync_Progress_ArrivesInOrderBeforeTheResult()
    {
        ProcessPool pool = StartPool();
        RecordingProgress progress = new();
        await Function(pool, "progress").CallAsync(new Order("x"), new WorkerCallOptions { Progress = progress }).WaitAsync(Limit);
        Assert.Equal(
            [new(0.25, "step 1"), new(0.5, "step 2"), new(0.75, "step 3"), new WorkerProgress(1, "step 4")], progress.Reports);
    }

    [Fact]
    public async Task CallAsync_ProgressReceiverThrows_TheCallGoesOnAndTheLogSaysSo()
    {
        ProcessPool pool = StartPool();
        Answer answer = await Function(pool, "progress").CallAsync(
            new Order("x"), new WorkerCallOptions { Progress = new ThrowingProgress(), Item = "photo.nef" }).WaitAsync(Limit);
        Assert.Equal("x", answer.Text);
        Assert.Equal(4, Log.Lines.Count(line => line.Level == LogLevel.Error && line.Text.Contains("photo.nef", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task DisposeAsync_Twice_BothEndWhenTheWorkersAreGone()
    {
        string file = Path.Combine(Folder, "hanging");
        ProcessPool pool = StartPool();
        Task<Answer> running = Function(pool, "hang").CallAsync(new Order("x", 0, file));
        int worker = await HangingProcess(file);
        Task first = pool.DisposeAsync().AsTask();
        await pool.DisposeAsync().AsTask().WaitAsync(Limit);
        Assert.False(IsAlive(worker));
        await first.WaitAsync(Limit);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => running.WaitAsync(Limit));
    }

    [Fact]
    public async Task CallAsync_WorkerWrites_ComesToTheLogger()
    {
        ProcessPool pool = StartPool();
        await Function(pool, "print").CallAsync(new Order("text")).WaitAsync(Limit);
        await Eventually(() => Log.Lines.Count(line => line.Text.Contains("text", StringComparison.Ordinal)) == 2);
        Assert.Contains(
            Log.Lines, line => line.Level == LogLevel.Information && line.Text.EndsWith("] out text", StringComparison.Ordinal));
        Assert.Contains(Log.Lines, line => line.Level == LogLevel.Warning && line.Text.EndsWith("] error text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_EnvironmentAndFolder_ReachTheWorker()
    {
        Environment.SetEnvironmentVariable("TEST_POOL_REMOVED", "parent");
        ProcessPool pool = StartPool(options =>
        {
            options.Environment["TEST_POOL_ADDED"] = "a=b c";
            options.Environment["TEST_POOL_REMOVED"] = null;
            options.WorkingDirectory = Folder;
        });
        Assert.Equal("a=b c", (await Function(pool, "variable").CallAsync(new Order("TEST_POOL_ADDED")).WaitAsync(Limit)).Text);
        Assert.Equal("(none)", (await Function(pool, "variable").CallAsync(new Order("TEST_POOL_REMOVED")).WaitAsync(Limit)).Text);
        // its name is unique; the path to it may go over a link
        Assert.Equal(
            Path.GetFileName(Folder), Path.GetFileName((await Function(pool, "folder").CallAsync(new Order("x")).WaitAsync(Limit)).Text));
    }

    [Fact]
    public async Task DisposeAsync_CallsUnderWay_FailWithObjectDisposed()
    {
        string file = Path.Combine(Folder, "hanging");
        ProcessPool pool = StartPool();
        Task<Answer> running = Function(pool, "hang").CallAsync(new Order("x", 0, file));
        Task<Answer> waiting = Function(pool, "echo").CallAsync(new Order("y"));
        int worker = await HangingProcess(file);
        await pool.DisposeAsync().AsTask().WaitAsync(Limit);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => running.WaitAsync(Limit));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Limit));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Function(pool, "echo").CallAsync(new Order("z")));
        Assert.False(IsAlive(worker));
    }

    private sealed class ThrowingProgress : IProgress<WorkerProgress>
    {
        public void Report(WorkerProgress value) => throw new InvalidOperationException("The receiver is broken.");
    }

    private sealed class RecordingProgress : IProgress<WorkerProgress>
    {
        public List<WorkerProgress> Reports { get; } = [];

        public void Report(WorkerProgress value) => Reports.Add(value);
    }
}
