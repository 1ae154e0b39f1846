using System.Diagnostics;
using System.Text.Json;

namespace Pipeline.Processes.Benchmarks;

/// <summary>Threads or processes for work that computes: what do two of each bring and cost, in .NET and in Python?</summary>
internal static class ThreadsBenchmark
{
    private const int Parts = 8;
    private const int Rounds = 5;

    /// <summary>Work in plain code of the language: counts primes by trial division.</summary>
    public static int CountPrimes(int limit)
    {
        int count = 0;
        for (int n = 2; n < limit; n++)
        {
            bool prime = true;
            for (int d = 2; d * d <= n; d++)
            {
                if (n % d == 0)
                {
                    prime = false;
                    break;
                }
            }

            count += prime ? 1 : 0;
        }

        return count;
    }

    public static async Task RunAsync()
    {
        const int Limit = 6_000_000;
        Console.WriteLine();
        Console.WriteLine("## Threads or processes for work that computes");
        Console.WriteLine();
        Console.WriteLine("| | 1 worker, s | 2 workers, s | speedup |");
        Console.WriteLine("|---|--:|--:|--:|");
        await using ProcessPool one = ProcessPool.Start(new ProcessPoolOptions { Workers = 1, WarmSpares = 0 });
        await using ProcessPool two = ProcessPool.Start(new ProcessPoolOptions { Workers = 2, WarmSpares = 0 });
        await one.WhenReadyAsync();
        await two.WhenReadyAsync();
        Row(".NET threads", await MedianAsync(() => ThreadsAsync(Limit, 1)), await MedianAsync(() => ThreadsAsync(Limit, 2)));
        Row(".NET processes", await MedianAsync(() => ProcessesAsync(one, Limit)), await MedianAsync(() => ProcessesAsync(two, Limit)));
        Console.WriteLine(Python.Script("threads.py", "speed"));
        Console.WriteLine();
        Console.WriteLine("| cost | .NET | Python |");
        Console.WriteLine("|---|--:|--:|");
        string[] python = (Python.Script("threads.py", "cost") ?? "-\n-\n-\n-").Split('\n');
        Console.WriteLine(
            $"| resident memory of one idle worker, MiB | {ResidentBytes(two.Snapshot().ProcessIds[0]) >> 20} | {python[0]} |");
        Console.WriteLine($"| switch to another thread and back, µs | {SwitchMicroseconds():0.0} | {python[1]} |");
        Message small = new(new string('x', 36));
        Console.WriteLine($"| serialize and read 64 bytes, µs | {SerializeMicroseconds(small, 20_000):0.00} | {python[2]} |");
        Console.WriteLine(
            $"| serialize and read 24 MiB of pixels, ms | {SerializeMicroseconds(new Pixels(new byte[24 << 20]), 5) / 1000:0.0} (JSON, "
                + $"base64) | {python[3]} (pickle) |");
    }

    private static void Row(string name, double one, double two) =>
        Console.WriteLine($"| {name} | {one:0.00} | {two:0.00} | {one / two:0.00} |");

    private static async Task<double> MedianAsync(Func<Task> run)
    {
        await run();
        List<double> times = [];
        for (int i = 0; i < Rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Statistics.Median(times);
    }

    private static Task<ParallelLoopResult> ThreadsAsync(int limit, int workers) =>
        Task.Run(() => Parallel.For(0, Parts, new ParallelOptions { MaxDegreeOfParallelism = workers }, _ => CountPrimes(limit / Parts)));

    private static Task<Message[]> ProcessesAsync(ProcessPool pool, int limit) =>
        Task.WhenAll(Enumerable.Range(0, Parts).Select(_ => Functions.Get(pool, "primes").CallAsync(new Message("x", limit / Parts))));

    private static long ResidentBytes(int process)
    {
        using Process worker = Process.GetProcessById(process);
        return worker.WorkingSet64;
    }

    private static double SwitchMicroseconds()
    {
        const int Times = 20_000;
        using SemaphoreSlim there = new(0);
        using SemaphoreSlim back = new(0);
        Thread other = new(() =>
        {
            for (int i = 0; i < Times; i++)
            {
                there.Wait();
                back.Release();
            }
        });
        other.Start();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Times; i++)
        {
            there.Release();
            back.Wait();
        }

        other.Join();
        return Statistics.Microseconds(Stopwatch.GetTimestamp() - start) / Times;
    }

    private static double SerializeMicroseconds<T>(T value, int times)
    {
        System.Text.Json.Serialization.Metadata.JsonTypeInfo type = BenchmarkJson.Default.GetTypeInfo(typeof(T))!;
        long start = 0;
        for (int i = -times / 4; i < times; i++)
        {
            if (i == 0)
                start = Stopwatch.GetTimestamp();
            _ = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(value, type), type);
        }

        return Statistics.Microseconds(Stopwatch.GetTimestamp() - start) / times;
    }
}
