using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Sync.Benchmarks;

/// <summary>Runs variants interleaved, in turn forward and backward, and prints medians, quartiles and ratios to the first.</summary>
internal static class Rounds
{
    private const int Count = 15;

    public static async Task RunAsync(params (string Name, int Operations, Func<int, Task> Body)[] variants)
    {
        Dictionary<string, List<double>> samples = variants.ToDictionary(variant => variant.Name, _ => new List<double>());
        Dictionary<string, double> bytes = new();
        for (int round = -3; round < Count; round++)
        {
            foreach ((string name, int operations, Func<int, Task> body) in round % 2 == 0 ? variants : variants.Reverse())
            {
                GC.Collect();
                long allocated = GC.GetTotalAllocatedBytes(precise: true);
                long start = Stopwatch.GetTimestamp();
                await body(operations);
                double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;
                bytes[name] = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)operations;
                if (round >= 0)
                    samples[name].Add(nanoseconds);
            }
        }

        double first = At(samples[variants[0].Name], 0.5);
        Console.WriteLine("| variant | ns per operation, median | quartiles | ratio | bytes |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        foreach ((string name, _, _) in variants)
        {
            List<double> all = samples[name];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {At(all, 0.5):0.0} | {At(all, 0.25):0.0} to {At(all, 0.75):0.0} | {At(all, 0.5) / first:0.00} | "
                    + $"{bytes[name]:0} |"));
        }

        Console.WriteLine();
    }

    public static void Run(params (string Name, int Operations, Action<int> Body)[] variants) =>
        RunAsync([.. variants.Select(variant => (variant.Name, variant.Operations, new Func<int, Task>(operations =>
        {
            variant.Body(operations);
            return Task.CompletedTask;
        })))]).GetAwaiter().GetResult();

    private static double At(List<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)(share * (sorted.Length - 1))];
    }
}
