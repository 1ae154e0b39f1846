using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Sync.Stress;

/// <summary>Fairness between processes: all want the permits all the time; how often does each get one?</summary>
internal static class Fairness
{
    public static async Task<int> RunAsync(Settings settings)
    {
        int seconds = settings.Number("seconds", 20);
        int processes = settings.Number("processes", 6);
        int permits = settings.Number("permits", 2);
        string root = Worker.Scratch("fairness");
        long begin = Stopwatch.GetTimestamp() + (3 * Stopwatch.Frequency); // so that all have started
        Process[] workers = [.. Enumerable.Range(0, processes).Select(_ => Worker.Start(
            "fairness-worker", "--root", root, "--permits", $"{permits}", "--begin", $"{begin}", "--seconds", $"{seconds}"))];
        List<long> counts = new();
        List<double> waits = new();
        foreach (Process worker in workers)
        {
            string[] fields = (await worker.StandardOutput.ReadToEndAsync()).Split(' ');
            counts.Add(long.Parse(fields[0], CultureInfo.InvariantCulture));
            waits.Add(double.Parse(fields[1], CultureInfo.InvariantCulture));
            await worker.WaitForExitAsync();
        }

        double ratio = (double)counts.Max() / counts.Min();
        Console.WriteLine(
            $"fairness: {processes} processes, {permits} permits, 0.3 ms holds, {seconds} s: {counts.Sum() / seconds} acquisitions/s, "
            + $"max/min per process {ratio:0.00}, longest wait {waits.Max():0} ms");
        Console.WriteLine(ratio <= 1.3 ? "  held (<= 1.3)" : "  FAILED (> 1.3)");
        Directory.Delete(root, recursive: true);
        return ratio <= 1.3 ? 0 : 1;
    }

    public static async Task<int> WorkAsync(Settings settings)
    {
        using CrossProcessSemaphore semaphore =
            CrossProcessSemaphore.Open(settings.Required("root"), "license", settings.Number("permits", 2));
        long begin = long.Parse(settings.Required("begin"), CultureInfo.InvariantCulture);
        while (Stopwatch.GetTimestamp() < begin)
            await Task.Delay(1);
        long end = begin + (settings.Number("seconds", 20) * Stopwatch.Frequency);
        long count = 0;
        double longest = 0;
        while (Stopwatch.GetTimestamp() < end)
        {
            long asked = Stopwatch.GetTimestamp();
            await using PermitLease lease = await semaphore.AcquireAsync();
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            count++;
            long until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * 3 / 10_000);
            while (Stopwatch.GetTimestamp() < until)
                Thread.SpinWait(20);
        }

        Console.Write($"{count} {longest.ToString(CultureInfo.InvariantCulture)}");
        return 0;
    }
}
