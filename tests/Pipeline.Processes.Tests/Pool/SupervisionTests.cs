using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

public sealed class SupervisionTests : PoolTest
{
    [Fact]
    public async Task CallAsync_PoisonAmongAThousand_AllOthersAreDoneAndTheErrorNamesEverything()
    {
        ProcessPool pool = StartPool(options => options.Workers = 2);
        WorkerFunction<Order, Answer> function = Function(pool, "abort-if");
        Task<Answer>[] calls = [.. Enumerable.Range(0, 1000)
            .Select(i => function.CallAsync(new Order($"photo {i}", i == 500 ? 1 : 0), new WorkerCallOptions { Item = $"photo {i}.nef" }))];
        WorkerCrashedException error = await Assert.ThrowsAsync<WorkerCrashedException>(() => calls[500].WaitAsync(Limit));
        for (int i = 0; i < calls.Length; i++)
        {
            if (i != 500)
                Assert.Equal($"photo {i}", (await calls[i].WaitAsync(Limit)).Text);
        }

        Assert.Equal(("photo 500.nef", 2, 2, 6), (error.Item, error.WorkerDeaths, error.Attempts, error.Signal));
        Assert.Contains("poison photo 500", error.StandardErrorTail);
        Assert.Contains("photo 500.nef", error.Message);
        Assert.Contains("SIGABRT", error.Message);
        ProcessPoolSnapshot end = pool.Snapshot();
        Assert.Equal((2, 999, 1, 1), ((int)end.WorkerDeaths, (int)end.CallsCompleted, (int)end.CallsFailed, (int)end.CallsQuarantined));
    }

    [Fact]
    public async Task CallAsync_WorkerDiesOnce_TheCallIsTriedAgain()
    {
        ProcessPool pool = StartPool();
        Answer answer = await Function(pool, "abort-once").CallAsync(new Order("x")).WaitAsync(Limit);
        Assert.Equal(2, answer.Number);
        Assert.Equal(1, pool.Snapshot().WorkerDeaths);
    }

    [Fact]
    public async Task CallAsync_HandlerExits_TheErrorHasTheExitCode()
    {
        ProcessPool pool = StartPool(options => options.MaxWorkerDeathsPerCall = 1);
        WorkerCrashedException error = await Assert.ThrowsAsync<WorkerCrashedException>(
            () => Function(pool, "exit").CallAsync(new Order("x", 77)).WaitAsync(Limit));
        Assert.Equal((77, null, 1), (error.ExitCode, error.Signal, error.WorkerDeaths));
        Assert.Contains("exited with code 77", error.Message);
    }

    [Fact]
    public async Task CallAsync_IdleWorkersAreKilled_NoCallIsBlamed()
    {
        ProcessPool pool = StartPool(options => options.Workers = 2);
        WorkerFunction<Order, Answer> echo = Function(pool, "echo");
        for (int round = 0; round < 5; round++)
        {
            await pool.WhenReadyAsync().WaitAsync(Limit);
            Signals.Send(pool.Snapshot().ProcessIds[0], Signals.Kill);
            Task<Answer>[] calls = [.. Enumerable.Range(0, 20).Select(i => echo.CallAsync(new Order("x", i)))];
            await Task.WhenAll(calls).WaitAsync(Limit);
        }

        Assert.Equal(0, pool.Snapshot().CallsFailed);
    }

    [Fact]
    public async Task CallAsync_HandlerWritesToTheConnection_TheWorkerIsKilledAndTheErrorSaysWhy()
    {
        ProcessPool pool = StartPool();
        WorkerCrashedException error = await Assert.ThrowsAsync<WorkerCrashedException>(
            () => Function(pool, "scribble").CallAsync(new Order("x")).WaitAsync(Limit));
        Assert.Equal(2, error.WorkerDeaths);
        Assert.Contains("its connection was broken", error.Message);
        await Function(pool, "echo").CallAsync(new Order("next")).WaitAsync(Limit);
    }

    [Fact]
    public async Task Worker_IsKilled_LeavesNoFileBehind()
    {
        // where the runtime puts sockets and pipes for diagnostic tools
        ProcessPool pool = StartPool(options => options.Environment["TMPDIR"] = Folder);
        Answer answer = await Function(pool, "echo").CallAsync(new Order("x")).WaitAsync(Limit);
        await WorkersAndSpareAreReady(pool);
        Signals.Send(answer.ProcessId, Signals.Kill);
        await Eventually(() => pool.Snapshot().WorkerDeaths == 1);
        await pool.DisposeAsync();
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task CallAsync_BusyWorkerIsKilledWithCallsAheadOfIt_EveryCallGetsItsResult()
    {
        string file = Path.Combine(Folder, "hanging");
        ProcessPool pool = StartPool();
        WorkerFunction<Order, Answer> spin = Function(pool, "spin");
        WorkerFunction<Order, Answer> hangOnce = Function(pool, "hang-once");
        Task<Answer>[] calls = [.. Enumerable.Range(0, 2000)
            .Select(i => i == 1000 ? hangOnce.CallAsync(new Order($"{i}", 0, file)) : spin.CallAsync(new Order($"{i}", 30)))];
        Signals.Send(await HangingProcess(file), Signals.Kill);
        Answer[] answers = await Task.WhenAll(calls).WaitAsync(Limit);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"{i}"), answers.Select(answer => answer.Text));
        Assert.Equal(2, answers[1000].Number); // attempts
        Assert.Equal(1, pool.Snapshot().WorkerDeaths);
    }

    [Fact]
    public async Task CallAsync_WorkerIsKilledAmongShortCalls_EveryCallGetsItsResult()
    {
        ProcessPool pool = StartPool(options => options.Workers = 2);
        WorkerFunction<Order, Answer> spin = Function(pool, "spin");
        Task<Answer>[] calls = [.. Enumerable.Range(0, 2000).Select(i => spin.CallAsync(new Order($"{i}", 30)))];
        await calls[50].WaitAsync(Limit);
        Signals.Send(pool.Snapshot().ProcessIds[0], Signals.Kill);
        Answer[] answers = await Task.WhenAll(calls).WaitAsync(Limit);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"{i}"), answers.Select(answer => answer.Text));
        await Eventually(() => pool.Snapshot().WorkerDeaths == 1); // all calls may have ended before its death is seen
    }

    [Fact]
    public async Task CallAsync_CanceledWhileRunning_ItsWorkerIsDeadWhenTheTaskEnds()
    {
        string file = Path.Combine(Folder, "hanging");
        ProcessPool pool = StartPool();
        using CancellationTokenSource cancel = new();
        Task<Answer> call = Function(pool, "hang").CallAsync(new Order("x", 0, file), cancel.Token);
        int worker = await HangingProcess(file);
        await cancel.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Limit));
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.False(IsAlive(worker));
        await Function(pool, "echo").CallAsync(new Order("next")).WaitAsync(Limit);
        ProcessPoolSnapshot end = pool.Snapshot();
        Assert.Equal((1, 0, 1), ((int)end.WorkersKilled, (int)end.WorkerDeaths, (int)end.CallsCanceled));
    }

    [Fact]
    public async Task CallAsync_CanceledWhileWaiting_NoWorkerIsKilled()
    {
        string file = Path.Combine(Folder, "hanging");
        ProcessPool pool = StartPool();
        using CancellationTokenSource cancelRunning = new();
        using CancellationTokenSource cancelWaiting = new();
        Task<Answer> running = Function(pool, "hang").CallAsync(new Order("x", 0, file), cancelRunning.Token);
        int worker = await HangingProcess(file);
        Task<Answer> waiting = Function(pool, "echo").CallAsync(new Order("y"), cancelWaiting.Token);
        await cancelWaiting.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit));
        Assert.True(IsAlive(worker));
        await cancelRunning.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Limit));
    }

    [Fact]
    public async Task CallAsync_DeadlinePasses_OnlyThatWorkerIsKilled()
    {
        string file = Path.Combine(Folder, "hanging");
        ProcessPool pool = StartPool(options => options.Workers = 2);
        await pool.WhenReadyAsync().WaitAsync(Limit);
        Task<Answer> other = Function(pool, "hang").CallAsync(new Order("x", 0, file));
        int survivor = await HangingProcess(file);
        WorkerTimeoutException error = await Assert.ThrowsAsync<WorkerTimeoutException>(
            () => Function(pool, "hang").CallAsync(
                new Order("y"), new WorkerCallOptions { Deadline = TimeSpan.FromMilliseconds(50), Item = "slow.nef" }).WaitAsync(Limit));
        Assert.Equal((TimeSpan.FromMilliseconds(50), "slow.nef"), (error.Deadline, error.Item));
        Assert.True(IsAlive(survivor));
        Assert.False(other.IsCompleted);
        await Function(pool, "echo").CallAsync(new Order("next")).WaitAsync(Limit);
    }

    [Fact]
    public async Task CallAsync_WorkerIsStoppedWhileIdle_AnotherOneGetsTheCall()
    {
        FakeTimeProvider clock = new();
        ProcessPool pool =
            StartPool(options => (options.UnresponsiveAfter, options.TimeProvider) = (TimeSpan.FromMilliseconds(200), clock));
        await pool.WhenReadyAsync().WaitAsync(Limit);
        int stopped = pool.Snapshot().ProcessIds[0];
        Signals.Send(stopped, Signals.Stop);
        Task<Answer> call = Function(pool, "echo").CallAsync(new Order("x"));
        clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(0, pool.Snapshot().WorkersKilled); // the first look finds the call lying
        clock.Advance(TimeSpan.FromMilliseconds(200));
        Answer answer = await call.WaitAsync(Limit);
        Assert.NotEqual(stopped, answer.ProcessId);
        Assert.Equal((1, 0), ((int)pool.Snapshot().WorkersKilled, (int)pool.Snapshot().CallsFailed));
    }

    [Fact]
    public async Task CallAsync_WorkerIsStoppedWhileBusy_TheDeadlineFreesTheCall()
    {
        string file = Path.Combine(Folder, "hanging");
        FakeTimeProvider clock = new();
        ProcessPool pool = StartPool(options => (options.WarmSpares, options.TimeProvider) = (0, clock));
        Task<Answer> call =
            Function(pool, "hang").CallAsync(new Order("x", 0, file), new WorkerCallOptions { Deadline = TimeSpan.FromMilliseconds(1) });
        Signals.Send(await HangingProcess(file), Signals.Stop);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<WorkerTimeoutException>(() => call.WaitAsync(Limit));
        await Function(pool, "echo").CallAsync(new Order("next")).WaitAsync(Limit);
    }

    [Fact]
    public async Task CallAsync_LongCallAheadOfShortOnes_TheShortOnesMoveToTheIdleWorker()
    {
        string file = Path.Combine(Folder, "hanging");
        ProcessPool pool = StartPool(options => options.Workers = 2);
        await pool.WhenReadyAsync().WaitAsync(Limit);
        WorkerFunction<Order, Answer> function = Function(pool, "hang-if");

        // Both workers learn that calls are short, then one call of many never ends.
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => function.CallAsync(new Order("x")))).WaitAsync(Limit);
        using CancellationTokenSource cancel = new();
        Task<Answer>[] calls = [.. Enumerable.Range(0, 300)
            .Select(
                i => function.CallAsync(new Order($"{i}", i == 100 ? 1 : 0, i == 100 ? file : null), i == 100 ? cancel.Token : default))];
        await Task.WhenAll(calls.Where((_, i) => i != 100)).WaitAsync(Limit);
        Assert.False(calls[100].IsCompleted);
        Assert.Equal(0, pool.Snapshot().WorkersKilled);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calls[100].WaitAsync(Limit));
    }

    [Fact]
    public async Task Spare_FunctionWasCalledElsewhere_HasRehearsedItWithoutRunningTheHandler()
    {
        ProcessPool pool = StartPool();
        await WorkersAndSpareAreReady(pool);
        WorkerFunction<Counted, Answer> counted = pool.Function("counted", HostJson.Default.Counted, HostJson.Default.Answer);
        Answer first = await counted.CallAsync(new Counted { Text = "first" }).WaitAsync(Limit);
        Assert.Equal("1 read, 1 handled", first.Text);
        Signals.Send(first.ProcessId, Signals.Kill);
        await Eventually(() => pool.Snapshot().WorkerDeaths == 1 && pool.Snapshot().WorkersReady == 1);
        Answer second = await counted.CallAsync(new Counted { Text = "second" }).WaitAsync(Limit);
        Assert.Equal("2 read, 1 handled", second.Text);
        Assert.NotEqual(first.ProcessId, second.ProcessId);
        Assert.Equal(2, pool.Snapshot().CallsCompleted);
    }

    [Fact]
    public async Task Recycle_AfterCalls_AReadyReplacementTakesOver()
    {
        ProcessPool pool = StartPool(options => options.RecycleAfterCalls = 10);
        await WorkersAndSpareAreReady(pool);
        HashSet<int> processes = [];
        for (int i = 0; i < 100; i++)
            processes.Add((await Function(pool, "echo").CallAsync(new Order("x")).WaitAsync(Limit)).ProcessId);
        ProcessPoolSnapshot end = pool.Snapshot();
        processes.UnionWith(end.ProcessIds); // the last replacement may not have had a call yet
        Assert.True(end.WorkersRecycled >= 1);
        Assert.Equal(end.WorkersRecycled + 1, processes.Count);
        Assert.Equal((0, 0), ((int)end.WorkerDeaths, (int)end.WorkersKilled));
    }

    [Fact]
    public async Task Recycle_LeakingHandler_IsReplacedBeforeTheLimitAndNeverWhileBusy()
    {
        ProcessPool pool = StartPool(options => options.MemoryLimitBytes = 400L << 20);
        await WorkersAndSpareAreReady(pool);
        int most = 0;
        for (int i = 0; i < 60; i++)
            most = Math.Max(most, (await Function(pool, "leak").CallAsync(new Order("x", 20)).WaitAsync(Limit)).Number);
        ProcessPoolSnapshot end = pool.Snapshot();
        Assert.InRange(most, 5, 19);
        Assert.True(
            end.WorkersRecycled >= 3, $"{end.WorkersRecycled} workers were recycled. {end}{string.Join(Environment.NewLine, Log.Lines)}");
        Assert.Equal((0, 0, 60), ((int)end.WorkerDeaths, (int)end.WorkersKilled, (int)end.CallsCompleted));
    }

    [Fact]
    public async Task MemoryLimit_OneCallAllocatesMore_FailsWithOutOfMemoryAndTheWorkerLives()
    {
        ProcessPool pool = StartPool(options => options.MemoryLimitBytes = 200L << 20);
        WorkerFunctionException error = await Assert.ThrowsAsync<WorkerFunctionException>(
            () => Function(pool, "allocate").CallAsync(new Order("x", 400)).WaitAsync(Limit));
        Assert.Equal("System.OutOfMemoryException", error.RemoteType);
        await Function(pool, "echo").CallAsync(new Order("next")).WaitAsync(Limit);
    }

    [Fact]
    public async Task Start_HostFails_TheCallsFailWithTheReason()
    {
        ProcessPool pool = StartPool(options =>
        {
            options.Environment["TEST_FAIL_START"] = "no license server";
            options.MaxStartFailures = 2;
        });
        WorkerStartException error = await Assert.ThrowsAsync<WorkerStartException>(
            () => Function(pool, "echo").CallAsync(new Order("x")).WaitAsync(Limit));
        Assert.Contains("no license server", error.Message);
    }

    [Fact]
    public async Task Start_ProgramDoesNotExist_TheCallsFailAndNameIt()
    {
        ProcessPool pool = StartPool(options => options.Launch = WorkerLaunch.Program("/no/such/program"));
        WorkerStartException error = await Assert.ThrowsAsync<WorkerStartException>(
            () => Function(pool, "echo").CallAsync(new Order("x")).WaitAsync(Limit));
        Assert.Contains("/no/such/program", error.Message);
    }

    [Fact]
    public async Task CrashBudget_UsedUp_RestartsAreDelayedAndTheCallsStillEnd()
    {
        ProcessPool pool = StartPool(options =>
        {
            options.WarmSpares = 0;
            options.CrashBudget = 1;
            options.RestartDelay = TimeSpan.FromMilliseconds(20);
            options.MaxWorkerDeathsPerCall = 4;
        });
        await Assert.ThrowsAsync<WorkerCrashedException>(() => Function(pool, "exit").CallAsync(new Order("x", 3)).WaitAsync(Limit));
        Assert.Equal(4, pool.Snapshot().WorkerDeaths);
        Assert.Contains(Log.Lines, line => line.Text.Contains("Too many workers died", StringComparison.Ordinal));
        await Function(pool, "echo").CallAsync(new Order("next")).WaitAsync(Limit);
    }

    [Fact]
    public async Task Logger_IsCalled_ThePoolAnswersOtherThreads()
    {
        ProcessPool? pool = null;
        ConcurrentQueue<bool> answered = [];
        void Ask() => answered.Enqueue(Volatile.Read(ref pool) is not ProcessPool known || Task.Run(known.Snapshot).Wait(Limit / 2));
        Log.Written += Ask;
        Volatile.Write(ref pool, StartPool(options =>
        {
            options.WarmSpares = 0;
            options.CrashBudget = 1;
            options.RestartDelay = TimeSpan.FromMilliseconds(20);
            options.MaxWorkerDeathsPerCall = 3;
        }));
        await Assert.ThrowsAsync<WorkerCrashedException>(() => Function(pool!, "exit").CallAsync(new Order("x", 3)).WaitAsync(Limit));
        Log.Written -= Ask;
        Assert.Contains(Log.Lines, line => line.Text.Contains("Too many workers died", StringComparison.Ordinal));
        Assert.DoesNotContain(false, answered);
    }

    [Fact]
    public void Start_WorkersOutOfRange_IsRefusedWithTheRange()
    {
        ArgumentOutOfRangeException error =
            Assert.Throws<ArgumentOutOfRangeException>(() => ProcessPool.Start(new ProcessPoolOptions { Workers = 0 }));
        Assert.Contains("1 to 256", error.Message);
    }
}
