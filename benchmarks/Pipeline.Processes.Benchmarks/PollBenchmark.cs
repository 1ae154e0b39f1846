using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Processes.Benchmarks;

/// <summary>What does it take from others that caller and worker of short calls stay awake?</summary>
internal static class PollBenchmark
{
    private const int Rounds = 5;
    private static readonly TimeSpan s_roundTime = TimeSpan.FromSeconds(0.7);

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine("## Staying awake between calls");
        Console.WriteLine();
        Console.WriteLine(
            "| other work | `BusyPollLimit`, µs | µs per call | processor µs per call, caller and worker | chunks of the other work per "
                + "s |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        foreach (int workers in new[] { 0, 1, 2 })
        {
            Dictionary<int, List<(double Call, double Processor, double Chunks)>> all = [];
            for (int round = 0; round < Rounds; round++)
            {
                foreach (int limit in new[] { 0, 50 })
                {
                    if (!all.TryGetValue(limit, out List<(double, double, double)>? list))
                        all[limit] = list = [];
                    list.Add(await OnceAsync(TimeSpan.FromMicroseconds(limit), workers));
                }
            }

            foreach ((int limit, List<(double Call, double Processor, double Chunks)> list) in all)
            {
                Console.WriteLine(
                    $"| {(workers == 0 ? "none" : $"{workers} workers that compute")} | {limit} | "
                        + $"{Statistics.Median(list.Select(one => one.Call)):0.0} "
                    + $"| {Statistics.Median(list.Select(one => one.Processor)):0.0} | "
                    + $"{Statistics.Median(list.Select(one => one.Chunks)):0} |");
            }
        }
    }

    private static async Task<(double Call, double Processor, double Chunks)> OnceAsync(TimeSpan limit, int workers)
    {
        await using ProcessPool calls = ProcessPool.Start(new ProcessPoolOptions { Workers = 1, WarmSpares = 0, BusyPollLimit = limit });
        await using ProcessPool? others = workers == 0
            ? null
            : ProcessPool.Start(new ProcessPoolOptions { Workers = workers, WarmSpares = 0 });
        await calls.WhenReadyAsync();
        await (others?.WhenReadyAsync() ?? Task.CompletedTask);
        await CallAsync(calls, TimeSpan.FromSeconds(0.3)); // compiles
        int worker = calls.Snapshot().ProcessIds[0];
        using CancellationTokenSource end = new();
        Task<int>[] computing = [.. Enumerable.Range(0, workers).Select(_ => ComputeAsync(others!, end.Token))];
        double before = ProcessorMicroseconds(worker);
        int count = await CallAsync(calls, s_roundTime);
        double processor = (ProcessorMicroseconds(worker) - before) / count;
        end.Cancel();
        int chunks = (await Task.WhenAll(computing)).Sum();
        return (s_roundTime.TotalMicroseconds / count, processor, chunks / s_roundTime.TotalSeconds);
    }

    private static Task<int> CallAsync(ProcessPool pool, TimeSpan time) => Task.Run(async () =>
    {
        WorkerFunction<Message, Message> echo = Functions.Get(pool, "echo");
        Message message = new(new string('x', 36));
        int count = 0;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time; count++)
            await echo.CallAsync(message).ConfigureAwait(false);
        return count;
    });

    private static Task<int> ComputeAsync(ProcessPool pool, CancellationToken end) => Task.Run(async () =>
    {
        WorkerFunction<Message, Message> primes = Functions.Get(pool, "primes");
        int chunks = 0;
        for (; !end.IsCancellationRequested; chunks++)
            await primes.CallAsync(new Message("x", 20_000), CancellationToken.None).ConfigureAwait(false); // about 1 ms
        return chunks;
    });

    /// <summary>
    /// Gets the processor time of this process and the main thread of a worker. The callers of the other work are part of it; they sleep most of the time.
    /// </summary>
    private static double ProcessorMicroseconds(int worker)
    {
        string own = File.ReadAllText($"/proc/{worker.ToString(CultureInfo.InvariantCulture)}/schedstat");
        return Environment.CpuUsage.TotalTime.TotalMicroseconds + (
            double.Parse(own.AsSpan(0, own.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture) / 1000);
    }
}
