using System.Diagnostics;
using System.Globalization;
using Pipeline.Core;

namespace Pipeline.Benchmarks;

/// <summary>How much of two workers' time is left for the work? Bodies of 1, 10 and 100 µs that spin.</summary>
internal static class Bodies
{
    private const string BareThreads = "two bare threads";

    private static readonly (int Micros, int Items)[] s_sizes = [(1, 200_000), (10, 40_000), (100, 4_000)];

    /// <param name="rounds">How often each variant runs.</param>
    /// <param name="only">The body to measure, µs; null for all.</param>
    public static async Task RunAsync(int rounds, int? only)
    {
        Console.WriteLine(
            "Efficiency = ideal wall time (items x body / 2) / measured, medians. Beside it, median of the rounds' ratios with its 95 % "
                + "interval: to two bare");
        Console.WriteLine(
            "threads with half of the items each, and to TPL Dataflow with the same order. Each round runs all variants in an order of "
                + "its own.");
        Console.WriteLine();
        Console.WriteLine("| body | variant | efficiency | best | to bare threads | to TPL Dataflow |");
        Console.WriteLine("|--:|---|--:|--:|--:|--:|");
        Random random = new(1);
        foreach ((int micros, int items) in s_sizes.Where(size => only is null || size.Micros == only))
        {
            const string Ordered = "TPL Dataflow, ordered";
            const string Unordered = "TPL Dataflow, unordered";
            (string Name, string? Rival, Func<Task> Body)[] variants =
            [
                (BareThreads, null, () => ThreadsAsync(micros, items)),
                ("Pipeline, input order", Ordered, () => OursAsync(micros, items, StageOrder.Input, sink: null)),
                ("Pipeline, completion order", Unordered, () => OursAsync(micros, items, StageOrder.Completion, sink: null)),
                ("Pipeline, input order, with a sink", Ordered, () => OursAsync(micros, items, StageOrder.Input, static (_, _) => default)),
                ("Pipeline, completion order, with a sink", Unordered, () =>
                    OursAsync(micros, items, StageOrder.Completion, static (_, _) => default)),
                (Ordered, null, () => Rival.DataflowAsync(x => Spin(x, micros), items, ordered: true)),
                (Unordered, null, () => Rival.DataflowAsync(x => Spin(x, micros), items, ordered: false)),
            ];
            Dictionary<string, double[]> efficiency = variants.ToDictionary(v => v.Name, _ => new double[rounds]);
            for (int round = -1; round < rounds; round++)
            {
                (string Name, string? Rival, Func<Task> Body)[] turns = [.. variants];
                random.Shuffle(turns);
                foreach ((string name, _, Func<Task> body) in turns)
                {
                    long start = Stopwatch.GetTimestamp();
                    await body();
                    if (round >= 0)
                        efficiency[name][round] = items * micros / 2.0 / Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                }
            }

            foreach ((string name, string? rival, _) in variants)
            {
                double[] all = efficiency[name];
                string toRival = rival is null ? "" : PairRatio.Of(all, efficiency[rival]).ToString();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {micros} µs | {name} | {Median(all):P1} | {all.Max():P1} | {PairRatio.Of(all, efficiency[BareThreads])} | "
                        + $"{toRival} |"));
            }
        }

        Console.WriteLine();
    }

    public static int Spin(int x, int micros)
    {
        long end = Stopwatch.GetTimestamp() + (micros * Stopwatch.Frequency / 1_000_000);
        while (Stopwatch.GetTimestamp() < end)
        {
        }

        return x;
    }

    private static Task<RunReport> OursAsync(int micros, int items, StageOrder order, Func<int, CancellationToken, ValueTask>? sink) =>
        PipelineBuilder.Start<int>("bodies")
            .Stage("spin", x => Spin(x, micros), o => (o.Workers, o.Capacity, o.Order) = (2, 128, order))
            .Build()
            .Start(Enumerable.Range(0, items), sink, new RunOptions { Workers = 2 }).Completion;

    private static Task ThreadsAsync(int micros, int items)
    {
        Thread[] threads = [Begin(), Begin()];
        foreach (Thread thread in threads)
            thread.Join();
        return Task.CompletedTask;

        Thread Begin()
        {
            Thread thread = new(() =>
            {
                for (int i = 0; i < items / 2; i++)
                    Spin(i, micros);
            });
            thread.Start();
            return thread;
        }
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
