using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Benchmarks;

/// <summary>Runs variants interleaved (A B C A B C ...) and prints minimum and median of wall and processor time, and what was allocated.</summary>
internal static class Measure
{
    public static async Task<Dictionary<string, Sample>> InterleavedAsync(
        int rounds, double units, string unit, params (string Name, Func<Task> Body)[] variants)
    {
        Dictionary<string, List<Sample>> samples = variants.ToDictionary(v => v.Name, _ => new List<Sample>());
        for (int round = -1; round < rounds; round++)
        {
            foreach ((string name, Func<Task> body) in variants)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                long allocated = GC.GetTotalAllocatedBytes(precise: true);
                TimeSpan cpu = Environment.CpuUsage.TotalTime;
                long start = Stopwatch.GetTimestamp();
                await body();
                Sample sample = new(
                    Stopwatch.GetElapsedTime(start).TotalNanoseconds / units,
                    (Environment.CpuUsage.TotalTime - cpu).TotalNanoseconds / units,
                    (GC.GetTotalAllocatedBytes(precise: true) - allocated) / units);
                if (round >= 0)
                    samples[name].Add(sample); // the first round warms up
            }
        }

        Console.WriteLine($"| variant | wall ns/{unit} min | median | CPU ns/{unit} min | median | B/{unit} |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        Dictionary<string, Sample> medians = [];
        foreach ((string name, List<Sample> all) in samples)
        {
            Sample median = new(Median(all, s => s.Wall), Median(all, s => s.Cpu), Median(all, s => s.Bytes));
            medians[name] = median with { MinCpu = all.Min(s => s.Cpu), MinWall = all.Min(s => s.Wall) };
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {all.Min(s => s.Wall):F1} | {median.Wall:F1} | {all.Min(s => s.Cpu):F1} | {median.Cpu:F1} | "
                    + $"{median.Bytes:F2} |"));
        }

        Console.WriteLine();
        return medians;
    }

    private static double Median(List<Sample> samples, Func<Sample, double> value)
    {
        double[] sorted = [.. samples.Select(value).Order()];
        return sorted[sorted.Length / 2];
    }
}

internal sealed record Sample(double Wall, double Cpu, double Bytes)
{
    public double MinWall { get; init; }

    public double MinCpu { get; init; }
}
