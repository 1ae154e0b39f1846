using System.Diagnostics;
using Pipeline.Core;

namespace Pipeline.Processes.Benchmarks;

/// <summary>How much throughput does recycling cost?</summary>
internal static class RecycleBenchmark
{
    private const int Rounds = 5;

    internal static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine("## Recycling every 25 calls");
        Console.WriteLine();
        Console.WriteLine("| a call computes | without, calls/s | every 25 calls, calls/s | kept | workers started |");
        Console.WriteLine("|--:|--:|--:|--:|--:|");
        foreach ((int microseconds, int calls) in new[] { (10_000, 200), (25_000, 200), (40_000, 150) })
        {
            List<double> without = [];
            List<double> with = [];
            long started = 0;
            for (int round = 0; round < Rounds; round++)
            {
                without.Add((await OnceAsync(microseconds, calls, null)).PerSecond);
                (double perSecond, long workers) = await OnceAsync(microseconds, calls, 25);
                with.Add(perSecond);
                started = workers;
            }

            double off = Statistics.Median(without);
            double on = Statistics.Median(with);
            Console.WriteLine($"| {microseconds / 1000} ms | {off:0.0} | {on:0.0} | {on / off:0 %} | {started} |");
        }
    }

    private static async Task<(double PerSecond, long Started)> OnceAsync(int microseconds, int calls, int? recycle)
    {
        await using ProcessPool pool = ProcessPool.Start(new ProcessPoolOptions { Workers = 2, RecycleAfterCalls = recycle });
        await pool.WhenReadyAsync();
        while (pool.Snapshot().SparesReady == 0)
            await Task.Delay(5);
        WorkerFunction<Message, Message> work = Functions.Get(pool, "cpu");
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, calls).Select(i => work.CallAsync(new Message("x", microseconds))));
        return (calls / Stopwatch.GetElapsedTime(start).TotalSeconds, pool.Snapshot().WorkersStarted);
    }
}
