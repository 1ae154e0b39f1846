using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pipeline.Processes.Benchmarks;

/// <summary>What does the death of a busy worker cost, with 200 calls waiting behind it?</summary>
internal static partial class DeathBenchmark
{
    private const int Calls = 200;
    private const int Rounds = 15;
    private const int SpinMicroseconds = 1000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10); // all 200 calls take a fiftieth of it

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine($"## SIGKILL of the only busy worker with 200 calls waiting{WorkerProgram.Description}");
        Console.WriteLine();
        Console.WriteLine("| | next result, ms (best / median / worst of 15) | calls failed | results lost |");
        Console.WriteLine("|---|--:|--:|--:|");
        await RunAsync("ProcessPool, warm spare", 1);
        await RunAsync("ProcessPool, no spare", 0);
        if (Python.Script("death.py") is string text)
            Console.WriteLine(text);
    }

    private static async Task RunAsync(string name, int spares)
    {
        List<double> times = [];
        int failed = 0;
        int lost = 0;
        for (int round = -2; round < Rounds; round++)
        {
            await using ProcessPool pool =
                ProcessPool.Start(new ProcessPoolOptions { Launch = WorkerProgram.Launch, Workers = 1, WarmSpares = spares });
            WorkerFunction<Message, Message> spin = Functions.Get(pool, "spin");
            await pool.WhenReadyAsync();
            while (pool.Snapshot().SparesReady < spares)
                await Task.Delay(5);
            TaskCompletionSource<long> next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            long killed = long.MaxValue;
            Task<Message>[] calls =
                [.. Enumerable.Range(0, Calls).Select(i => ObserveAsync(spin.CallAsync(new Message("x", i == 0 ? 1 : SpinMicroseconds))))];
            await calls[20];
            int worker = pool.Snapshot().ProcessIds[0];
            Volatile.Write(ref killed, Stopwatch.GetTimestamp());
            _ = kill(worker, 9);
            long first = await next.Task;
            foreach (Task<Message> call in calls)
            {
                try
                {
                    await call.WaitAsync(s_limit);
                }
                catch (WorkerCrashedException)
                {
                    failed++;
                }
                catch (TimeoutException)
                {
                    lost++;
                }
            }

            if (round >= 0)
                times.Add(Stopwatch.GetElapsedTime(killed, first).TotalMilliseconds);

            async Task<Message> ObserveAsync(Task<Message> call)
            {
                Message message = await call;
                long now = Stopwatch.GetTimestamp();

                // Answers that were under way when the worker died do not count: the next one comes from its successor.
                if (now > Volatile.Read(ref killed) && pool.Snapshot().WorkerDeaths == 1)
                    next.TrySetResult(now);
                return message;
            }
        }

        Console.WriteLine($"| {name} | {times.Min():0.0} / {Statistics.Median(times):0.0} / {times.Max():0.0} | {failed} | {lost} |");
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int process, int signal);
}
