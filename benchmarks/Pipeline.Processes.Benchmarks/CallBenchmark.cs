using System.Diagnostics;
using Pipeline.Core;

namespace Pipeline.Processes.Benchmarks;

/// <summary>What does a small call cost, alone and with many in flight?</summary>
internal static class CallBenchmark
{
    private const int Rounds = 10_000;
    private const int Repeats = 3;

    internal static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine("## A 64-byte call");
        Console.WriteLine();
        Console.WriteLine("| | min µs | p50 µs | p99 µs |");
        Console.WriteLine("|---|--:|--:|--:|");
        await using ProcessPool one = ProcessPool.Start(new ProcessPoolOptions { Workers = 1, WarmSpares = 0 });
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            Print("raw pipe, blocking", RawEcho.MeasurePipe(Rounds));
            Print("raw Unix socket, blocking", RawEcho.MeasureSocket(Rounds));
            Print("**ProcessPool, one call at a time**", await AloneAsync(one));
        }

        PrintPython("alone");
        Console.WriteLine();
        Console.WriteLine("| calls in flight | ProcessPool, µs per call (best / median of 9) |");
        Console.WriteLine("|--:|--:|");
        await using ProcessPool two = ProcessPool.Start(new ProcessPoolOptions { Workers = 2, WarmSpares = 0 });
        foreach (int inFlight in new[] { 1, 8, 32, 128 })
            await ManyAsync(two, inFlight);
        PrintPython("many");
    }

    private static void Print(string name, long[] ticks)
    {
        (double min, double p50, double p99) = Statistics.Summarize(ticks);
        Console.WriteLine($"| {name} | {min:0.0} | {p50:0.0} | {p99:0.0} |");
    }

    private static void PrintPython(string part)
    {
        if (Python.Script("calls.py", part) is string text)
            Console.WriteLine(text);
    }

    private static async Task<long[]> AloneAsync(ProcessPool pool)
    {
        WorkerFunction<Message, Message> echo = Functions.Get(pool, "echo");
        Message message = new(new string('x', 36)); // 64 bytes of JSON with its names
        long[] times = new long[Rounds];
        for (int i = -Rounds / 2; i < Rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await echo.CallAsync(message);
            if (i >= 0)
                times[i] = Stopwatch.GetTimestamp() - start;
        }

        return times;
    }

    private static async Task ManyAsync(ProcessPool pool, int inFlight)
    {
        WorkerFunction<Message, Message> echo = Functions.Get(pool, "echo");
        Message message = new(new string('x', 36));
        int perLane = 40_000 / inFlight;
        List<double> times = [];
        for (int round = -3; round < 9; round++)
        {
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
            {
                for (int i = 0; i < perLane; i++)
                    await echo.CallAsync(message);
            })));
            if (round >= 0)
                times.Add(Statistics.Microseconds(Stopwatch.GetTimestamp() - start) / (perLane * inFlight));
        }

        Console.WriteLine($"| {inFlight} | {times.Min():0.00} / {Statistics.Median(times):0.00} |");
    }
}
