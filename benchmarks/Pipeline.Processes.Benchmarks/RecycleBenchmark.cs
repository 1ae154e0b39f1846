using System.Diagnostics;
using Pipeline.Core;

namespace Pipeline.Processes.Benchmarks;

/// <summary>How much throughput does recycling cost, and where does it go?</summary>
internal static class RecycleBenchmark
{
    private const int Rounds = 5;
    private const int RecycledAfter = 25;
    private const int Workers = 2;

    internal static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine($"## Recycling every {RecycledAfter} calls{WorkerProgram.Description}");
        Console.WriteLine();
        Console.WriteLine("| a call computes | without, calls/s | with, calls/s | kept | replacements | processor time a replacement, ms | bound of that time | time lost a replacement, ms of a worker |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach ((int microseconds, int calls) in new[] { (10_000, 200), (25_000, 200), (40_000, 150) })
        {
            List<Round> without = [];
            List<Round> with = [];
            for (int round = 0; round < Rounds; round++)
            {
                without.Add(await OnceAsync(microseconds, calls, null));
                with.Add(await OnceAsync(microseconds, calls, RecycledAfter));
            }

            double off = Statistics.Median(without.Select(round => round.PerSecond));
            double on = Statistics.Median(with.Select(round => round.PerSecond));
            double replacements = Statistics.Median(with.Select(round => (double)round.Started)) - without[0].Started;
            double start = (Statistics.Median(with.Select(round => round.ProcessorSeconds)) - Statistics.Median(without.Select(round => round.ProcessorSeconds))) * 1000 / replacements;
            double work = RecycledAfter * microseconds / 1000.0;
            double lost = ((calls / on) - (calls / off)) * 1000 * Workers / replacements;
            Console.WriteLine($"| {microseconds / 1000} ms | {off:0.0} | {on:0.0} | {on / off:0.0 %} | {replacements} | {start:0} | {work / (work + start):0.0 %} | {lost:0} |");
        }
    }

    private static async Task<Round> OnceAsync(int microseconds, int calls, int? recycle)
    {
        double processor = TreeUsage.ProcessorSeconds();
        double perSecond;
        long started;
        await using (ProcessPool pool = ProcessPool.Start(new ProcessPoolOptions { Launch = WorkerProgram.Launch, Workers = Workers, RecycleAfterCalls = recycle }))
        {
            await pool.WhenReadyAsync();
            while (pool.Snapshot().SparesReady == 0)
                await Task.Delay(5);
            WorkerFunction<Message, Message> work = Functions.Get(pool, "cpu");
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, calls).Select(i => work.CallAsync(new Message("x", microseconds))));
            perSecond = calls / Stopwatch.GetElapsedTime(start).TotalSeconds;
            started = pool.Snapshot().WorkersStarted;
        }

        return new Round(perSecond, started, TreeUsage.ProcessorSeconds() - processor);
    }

    private sealed record Round(double PerSecond, long Started, double ProcessorSeconds);
}
