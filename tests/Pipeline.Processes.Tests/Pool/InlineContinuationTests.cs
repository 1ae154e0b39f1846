using System.Diagnostics;
using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

/// <summary>Short calls that are alone let the reading thread run the code that waits for their result. That code can do what it wants.</summary>
public sealed class InlineContinuationTests : PoolTest
{
    private const int MostCalls = 20_000;

    [Fact]
    public async Task CallAsync_CodeAfterItWaitsForTheNextCall_TheNextResultIsRead()
    {
        WorkerFunction<Order, Answer> echo = Function(StartPool(), "echo");
        Answer answer = await OnReadingThread(echo, () => WaitFor(echo.CallAsync(new Order("next")))).WaitAsync(Limit);
        Assert.Equal("next", answer.Text);
    }

    [Fact]
    public async Task CallAsync_CodeAfterItDisposesThePoolAndWaits_ThePoolEnds()
    {
        ProcessPool pool = StartPool();
        await OnReadingThread(Function(pool, "echo"), () => WaitFor(Dispose(pool))).WaitAsync(Limit);

        static async Task<bool> Dispose(ProcessPool pool)
        {
            await pool.DisposeAsync();
            return true;
        }
    }

    [Fact]
    public async Task CallAsync_CodeAfterItDoesNotReturn_TheDeathOfTheWorkerIsSeen()
    {
        ProcessPool pool = StartPool();
        WorkerFunction<Order, Answer> echo = Function(pool, "echo");
        await WorkersAndSpareAreReady(pool);
        using ManualResetEventSlim end = new();
        TaskCompletionSource stays = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> staying = OnReadingThread(echo, () =>
        {
            stays.SetResult();
            return end.Wait(Limit);
        });
        await stays.Task.WaitAsync(Limit);
        int worker = pool.Snapshot().ProcessIds[0];
        Signals.Send(worker, Signals.Kill);
        await Eventually(() => pool.Snapshot().WorkerDeaths == 1 && pool.Snapshot().WorkersReady == 1);
        Assert.NotEqual(worker, (await echo.CallAsync(new Order("next")).WaitAsync(Limit)).ProcessId);
        end.Set();
        Assert.True(await staying.WaitAsync(Limit));
    }

    [Fact]
    public async Task CallAsync_CodeAfterItIsAlwaysSlow_RunsElsewhere()
    {
        WorkerFunction<Order, Answer> echo = Function(StartPool(), "echo");
        int here = await Task.Run(async () =>
        {
            int here = 0;
            for (int i = 0; i < 500; i++)
            {
                await echo.CallAsync(new Order("x")).ConfigureAwait(false);
                here += IsReadingThread() ? 1 : 0;
                long start = Stopwatch.GetTimestamp();
                while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMicroseconds(200))
                {
                }
            }

            return here;
        }).WaitAsync(Limit);
        Assert.InRange(here, 0, 20);
    }

    [Fact]
    public async Task CallAsync_TheHandlerIsNotShort_CodeAfterItRunsElsewhere()
    {
        WorkerFunction<Order, Answer> spin = Function(StartPool(), "spin");
        int here = await Task.Run(async () =>
        {
            int here = 0;
            for (int i = 0; i < 100; i++)
            {
                await spin.CallAsync(new Order("x", 1000)).ConfigureAwait(false);
                here += IsReadingThread() ? 1 : 0;
            }

            return here;
        }).WaitAsync(Limit);
        Assert.Equal(0, here);
    }

    private static bool IsReadingThread() => Thread.CurrentThread.Name?.StartsWith("Pipeline worker ", StringComparison.Ordinal) == true;

    /// <summary>Calls until the code after a call runs on the reading thread, and runs something there.</summary>
    private static Task<T> OnReadingThread<T>(WorkerFunction<Order, Answer> function, Func<T> run) => Task.Run(async () =>
    {
        for (int i = 0; i < MostCalls; i++)
        {
            await function.CallAsync(new Order("x")).ConfigureAwait(false);
            if (IsReadingThread())
                return run();
        }

        throw new InvalidOperationException($"After none of {MostCalls} short calls was the code on the reading thread.");
    });

    private static T WaitFor<T>(Task<T> task) => task.Wait(Limit) ? task.Result : throw new TimeoutException("The task did not end.");
}
