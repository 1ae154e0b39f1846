using System.Diagnostics;

namespace Pipeline.Processes.Benchmarks;

/// <summary>How much throughput does recycling cost, and where does it go?</summary>
internal static class RecycleBenchmark
{
    private const int Rounds = 5;
    private const int RecycledAfter = 25;

    /// <summary>As many busy workers as processors: a start takes its time from them.</summary>
    public static async Task RunAsync()
    {
        Describe("with two workers on all processors");
        await RunAsync(new Work(2, 10_000, false, 200));
        await RunAsync(new Work(2, 25_000, false, 200));
        await RunAsync(new Work(2, 40_000, false, 150));
    }

    /// <summary>A processor is free, always or while calls wait: a start runs there.</summary>
    public static async Task RunWithFreeProcessorAsync()
    {
        Describe("with a processor that is free at times");
        await RunAsync(new Work(1, 10_000, false, 100));
        await RunAsync(new Work(2, 5_000, true, 200));
        await RunAsync(new Work(2, 10_000, true, 100));
    }

    private static void Describe(string where)
    {
        Console.WriteLine();
        Console.WriteLine($"## Recycling every {RecycledAfter} calls {where}{WorkerProgram.Description}");
        Console.WriteLine();
        Console.WriteLine(
            "| workers | a call computes | and waits | without, calls/s | with, calls/s | kept | replacements | processor time a "
                + "replacement, ms | bound on busy processors | time lost a replacement, ms of a worker |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    }

    private static async Task RunAsync(Work work)
    {
        List<Round> without = [];
        List<Round> with = [];
        for (int round = 0; round < Rounds; round++)
        {
            without.Add(await OnceAsync(work, null));
            with.Add(await OnceAsync(work, RecycledAfter));
        }

        double off = Statistics.Median(without.Select(round => round.PerSecond));
        double on = Statistics.Median(with.Select(round => round.PerSecond));
        double replacements = Statistics.Median(with.Select(round => (double)round.Started)) - without[0].Started;
        double start = (Statistics.Median(with.Select(round => round.ProcessorSeconds)) - Statistics
            .Median(without.Select(round => round.ProcessorSeconds))) * 1000 / replacements;
        double useful = RecycledAfter * work.ComputeMicroseconds / 1000.0;
        double lost = ((work.Calls / on) - (work.Calls / off)) * 1000 * work.Workers / replacements;
        Console.WriteLine(
            $"| {work.Workers} | {work.ComputeMicroseconds / 1000.0:0.#} ms | "
                + $"{(work.Waits ? work.ComputeMicroseconds / 1000.0 : 0):0.#} ms | {off:0.0} | {on:0.0} | {on / off:0.0 %} | "
                + $"{replacements} | {start:0} | {useful / (useful + start):0.0 %} | {lost:0} |");
    }

    private static async Task<Round> OnceAsync(Work work, int? recycle)
    {
        double processor = TreeUsage.ProcessorSeconds();
        double perSecond;
        long started;
        ProcessPoolOptions options = new() { Launch = WorkerProgram.Launch, Workers = work.Workers, RecycleAfterCalls = recycle };
        await using (ProcessPool pool = ProcessPool.Start(options))
        {
            await pool.WhenReadyAsync();
            while (pool.Snapshot().SparesReady == 0)
                await Task.Delay(5);
            WorkerFunction<Message, Message> function = Functions.Get(pool, work.Waits ? "cpu and wait" : "cpu");
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, work.Calls).Select(i => function.CallAsync(new Message("x", work.ComputeMicroseconds))));
            perSecond = work.Calls / Stopwatch.GetElapsedTime(start).TotalSeconds;
            started = pool.Snapshot().WorkersStarted;
        }

        return new Round(perSecond, started, TreeUsage.ProcessorSeconds() - processor);
    }

    /// <summary>What the workers do. A call that waits does so for as long as it computed.</summary>
    private sealed record Work(int Workers, int ComputeMicroseconds, bool Waits, int Calls);

    private sealed record Round(double PerSecond, long Started, double ProcessorSeconds);
}
