using System.Diagnostics;

namespace Pipeline.Processes.Benchmarks;

/// <summary>What does one item that always crashes cost among a thousand?</summary>
internal static class PoisonBenchmark
{
    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine("## One poison item among 1,000");
        Console.WriteLine();
        await using ProcessPool pool = ProcessPool.Start(new ProcessPoolOptions { Workers = 2 });
        await pool.WhenReadyAsync();
        WorkerFunction<Message, Message> poison = Functions.Get(pool, "poison");
        long start = Stopwatch.GetTimestamp();
        Task<Message>[] calls = [.. Enumerable.Range(0, 1000).Select(
            i => poison.CallAsync(new Message($"item {i}", i == 500 ? 1 : 0), new WorkerCallOptions { Item = $"item {i}" }))];
        string error = string.Empty;
        int done = 0;
        foreach (Task<Message> call in calls)
        {
            try
            {
                await call;
                done++;
            }
            catch (WorkerCrashedException e)
            {
                error = e.Message;
            }
        }

        Console.WriteLine(
            $"{done} done, {pool.Snapshot().WorkerDeaths} worker deaths, {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s. The "
                + "failure:");
        Console.WriteLine();
        Console.WriteLine("    " + string.Join("\n    ", error.Split('\n').Take(6)));
    }
}
