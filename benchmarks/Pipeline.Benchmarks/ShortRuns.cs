using System.Diagnostics;
using System.Globalization;
using Pipeline.Core;

namespace Pipeline.Benchmarks;

/// <summary>What does a run cost that has little to do? One stage of 2 workers that adds one.</summary>
internal static class ShortRuns
{
    private const int RunsPerRound = 200;

    public static async Task RunAsync(int rounds)
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("short")
            .Stage("add one", x => x + 1, o => (o.Workers, o.Capacity) = (2, 128))
            .Build();
        (string Name, Func<int, Task> Run)[] variants =
        [
            ("Pipeline", items => pipeline.RunAsync(Enumerable.Range(0, items), new RunOptions { Workers = 2 })),
            ("TPL Dataflow", items => Rival.DataflowAsync(x => x + 1, items, ordered: true)),
            ("two threads that do nothing", _ => ThreadsAsync()),
        ];
        Console.WriteLine("µs from the start of a run to its end, one run after the other.");
        Console.WriteLine();
        Console.WriteLine("| items | variant | 10th percentile | median | 90th percentile |");
        Console.WriteLine("|--:|---|--:|--:|--:|");
        foreach (int items in new[] { 0, 1, 100, 1_000 })
        {
            List<double>[] micros = [.. variants.Select(_ => new List<double>())];
            for (int round = -1; round < rounds; round++)
            {
                for (int variant = 0; variant < variants.Length; variant++)
                {
                    for (int run = 0; run < RunsPerRound; run++)
                    {
                        long start = Stopwatch.GetTimestamp();
                        await variants[variant].Run(items);
                        if (round >= 0)
                            micros[variant].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                    }
                }
            }

            for (int variant = 0; variant < variants.Length; variant++)
            {
                double[] sorted = [.. micros[variant].Order()];
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {items} | {variants[variant].Name} | {sorted[sorted.Length / 10]:F1} | "
                        + $"{sorted[sorted.Length / 2]:F1} | {sorted[sorted.Length * 9 / 10]:F1} |"));
            }
        }

        Console.WriteLine();
    }

    private static Task ThreadsAsync()
    {
        Thread[] threads = [new(static () => { }), new(static () => { })];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        return Task.CompletedTask;
    }
}
