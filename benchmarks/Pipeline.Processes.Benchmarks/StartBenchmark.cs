using System.Diagnostics;

namespace Pipeline.Processes.Benchmarks;

/// <summary>How long from nothing to the first result?</summary>
internal static class StartBenchmark
{
    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine($"## From nothing to the first result{WorkerProgram.Description}");
        Console.WriteLine();
        Console.WriteLine("| | ms (first in this process, best / median of 9 more) |");
        Console.WriteLine("|---|--:|");
        foreach (int workers in new[] { 1, 2, 4 })
        {
            double first = await OnceAsync(workers);
            List<double> times = [];
            for (int i = 0; i < 9; i++)
                times.Add(await OnceAsync(workers));
            Console.WriteLine($"| ProcessPool, {workers} workers | {first:0} , {times.Min():0} / {Statistics.Median(times):0} |");
        }

        if (Python.Script("start.py") is string text)
            Console.WriteLine(text);
    }

    private static async Task<double> OnceAsync(int workers)
    {
        long start = Stopwatch.GetTimestamp();
        await using ProcessPool pool = ProcessPool.Start(new ProcessPoolOptions { Launch = WorkerProgram.Launch, Workers = workers });
        await Functions.Get(pool, "echo").CallAsync(new Message("first"));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
