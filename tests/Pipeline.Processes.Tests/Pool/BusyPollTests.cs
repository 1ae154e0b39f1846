using System.Globalization;
using Pipeline.Processes.TestHost;

namespace Pipeline.Processes.Tests;

/// <summary>Short calls one after the other keep both sides awake.</summary>
public sealed class BusyPollTests : PoolTest
{
    private const int Window = 1_000;
    private const int MostWindows = 200;

    [ThreadStatic]
    private static bool s_isPinned;

    [Fact]
    public async Task CallAsync_CallerAndWorkerOnTwoProcessors_TheWorkerSeldomSleepsBetweenCalls()
    {
        List<int> processors = Processors.Allowed();
        Assert.SkipWhen(
            Math.Min(processors.Count, Environment.ProcessorCount) < 2,
            "There is one processor, or the time of one: a pool does not poll then.");
        Assert.True(await FindWindowWithoutSleep(TimeSpan.FromMilliseconds(1), processors));
    }

    [Fact]
    public async Task CallAsync_BusyPollLimitIsZero_TheWorkerSleepsAfterEachCall()
    {
        List<int> processors = Processors.Allowed();
        Assert.SkipWhen(
            Math.Min(processors.Count, Environment.ProcessorCount) < 2,
            "There is one processor, or the time of one: a pool does not poll then.");
        Assert.False(await FindWindowWithoutSleep(TimeSpan.Zero, processors, mostWindows: 10));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public void Start_BusyPollLimitOutOfRange_SaysTheRange(int microseconds)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(
            () => ProcessPool.Start(new ProcessPoolOptions { BusyPollLimit = TimeSpan.FromMicroseconds(microseconds) }));
        Assert.Contains("It must be 00:00:00 to 00:00:00.0010000", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Calls until the worker has slept after less than half of the calls of a window. With company on its processors some windows go wrong, but not all.
    /// </summary>
    private async Task<bool> FindWindowWithoutSleep(TimeSpan limit, List<int> processors, int mostWindows = MostWindows)
    {
        ProcessPool pool = StartPool(options => options.BusyPollLimit = limit);
        WorkerFunction<Order, Answer> echo = Function(pool, "echo");
        await WorkersAndSpareAreReady(pool);
        int worker = pool.Snapshot().ProcessIds[0];
        Processors.Pin(worker, processors[1]);
        return await Task.Run(async () =>
        {
            for (int window = 0; window < mostWindows; window++)
            {
                long before = Sleeps(worker);
                for (int i = 0; i < Window; i++)
                {
                    await echo.CallAsync(new Order("x")).ConfigureAwait(false);
                    PinReadingThread(processors[0]);
                }

                if (Sleeps(worker) - before < Window / 2)
                    return true;
            }

            return false;
        }).WaitAsync(Limit);
    }

    private static void PinReadingThread(int processor)
    {
        if (s_isPinned || Thread.CurrentThread.Name?.StartsWith("Pipeline worker ", StringComparison.Ordinal) != true)
            return;
        Processors.Pin(0, processor);
        s_isPinned = true;
    }

    /// <summary>Gets how often the main thread of a process has gone to sleep.</summary>
    private static long Sleeps(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
    }
}
