using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Processes.Benchmarks;

/// <summary>Where does the time of a small call go, in a new pool and later?</summary>
internal static class CallProfile
{
    private static readonly int[] s_windows = [100, 900, 1_000, 3_000, 5_000, 10_000, 20_000, 60_000, 100_000];

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine("## Where the time of a small call goes");
        Console.WriteLine();
        await using ProcessPool pool = ProcessPool.Start(new ProcessPoolOptions { Workers = 1, WarmSpares = 0 });
        WorkerFunction<Message, Message> echo = Functions.Get(pool, "echo");
        Message message = new(new string('x', 36)); // 64 bytes of JSON with its names
        await echo.CallAsync(message).ConfigureAwait(false);
        int worker = pool.Snapshot().ProcessIds[0];
        Console.WriteLine(
            "| calls | p50 µs | mean µs | caller CPU µs | worker CPU µs | caller switches | worker switches | bytes allocated | "
                + "elsewhere |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        List<string> threads = [];
        foreach (int count in s_windows)
        {
            long[] times = new long[count];
            Dictionary<string, Usage> before = Take(worker);
            long bytes = GC.GetTotalAllocatedBytes();
            int moved = 0;
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
            {
                int thread = Environment.CurrentManagedThreadId;
                long start = Stopwatch.GetTimestamp();
                await echo.CallAsync(message).ConfigureAwait(false);
                times[i] = Stopwatch.GetTimestamp() - start;
                moved += thread == Environment.CurrentManagedThreadId ? 0 : 1;
            }

            double mean = Statistics.Microseconds(Stopwatch.GetTimestamp() - begin) / count;
            bytes = GC.GetTotalAllocatedBytes() - bytes;
            Dictionary<string, Usage> after = Take(worker);
            Dictionary<string, Usage> used = after.ToDictionary(pair => pair.Key, pair => pair.Value - before.GetValueOrDefault(pair.Key));
            Usage caller = Sum(used, "caller"), other = Sum(used, "worker");
            Console.WriteLine(
                $"| {count:N0} | {Statistics.Summarize(times).P50:0.0} | {mean:0.0} | {caller.Run / count:0.0} | {other.Run / count:0.0} "
                + $"| {(double)caller.Switches / count:0.00} | {(double)other.Switches / count:0.00} | {bytes / count} | {moved} |");
            foreach ((string name, Usage usage) in used.Where(pair => pair.Value.Run / count > 0.05)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal))
                threads.Add($"| {count:N0} | {name} | {usage.Run / count:0.00} | {usage.Wait / count:0.00} | "
                    + $"{(double)usage.Switches / count:0.00} |");
        }

        Console.WriteLine();
        Console.WriteLine("| calls | thread | runs, µs | waits for a processor, µs | runs begun |");
        Console.WriteLine("|--:|---|--:|--:|--:|");
        foreach (string line in threads)
            Console.WriteLine(line);
    }

    private static Usage Sum(Dictionary<string, Usage> used, string process) =>
        used.Where(pair => pair.Key.StartsWith(process, StringComparison.Ordinal))
            .Aggregate(default(Usage), (sum, pair) => sum + pair.Value);

    private static Dictionary<string, Usage> Take(int worker)
    {
        Dictionary<string, Usage> all = new(StringComparer.Ordinal);
        Add(all, "caller", Environment.ProcessId);
        Add(all, "worker", worker);
        return all;
    }

    private static void Add(Dictionary<string, Usage> all, string name, int process)
    {
        foreach (string folder in Directory.EnumerateDirectories($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/task"))
        {
            try
            {
                string[] parts = File.ReadAllText(Path.Combine(folder, "schedstat")).Split(' ');
                string thread = File.ReadAllText(Path.Combine(folder, "comm")).Trim();
                string key = $"{name}, {thread} {Path.GetFileName(folder)}";
                all[key] = new Usage(
                    double.Parse(parts[0], CultureInfo.InvariantCulture) / 1000,
                    double.Parse(parts[1], CultureInfo.InvariantCulture) / 1000,
                    long.Parse(parts[2], CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // the thread has ended
            }
        }
    }

    private readonly record struct Usage(double Run, double Wait, long Switches)
    {
        public static Usage operator +(Usage a, Usage b) => new(a.Run + b.Run, a.Wait + b.Wait, a.Switches + b.Switches);

        public static Usage operator -(Usage a, Usage b) => new(a.Run - b.Run, a.Wait - b.Wait, a.Switches - b.Switches);
    }
}
