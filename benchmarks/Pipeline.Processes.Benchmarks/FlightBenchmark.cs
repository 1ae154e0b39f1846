using System.Diagnostics;

namespace Pipeline.Processes.Benchmarks;

/// <summary>What does a small call cost with many in flight?</summary>
internal static class FlightBenchmark
{
    private const int Calls = 40_000;

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine("## Calls in flight");
        Console.WriteLine();
        Console.WriteLine("| calls in flight | ProcessPool, µs per call (best / median of 9) |");
        Console.WriteLine("|--:|--:|");
        await using ProcessPool two = ProcessPool.Start(new ProcessPoolOptions { Workers = 2, WarmSpares = 0 });
        foreach (int inFlight in new[] { 1, 8, 32, 128 })
            await ManyAsync(two, inFlight);
        if (Python.Script("calls.py", "many") is string python)
            Console.WriteLine(python);
    }

    private static async Task ManyAsync(ProcessPool pool, int inFlight)
    {
        WorkerFunction<Message, Message> echo = Functions.Get(pool, "echo");
        Message message = new(new string('x', 36));
        int perLane = Calls / inFlight;
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
