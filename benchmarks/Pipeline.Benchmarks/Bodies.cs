using System.Diagnostics;
using System.Globalization;
using System.Threading.Tasks.Dataflow;
using Pipeline.Core;

namespace Pipeline.Benchmarks;

/// <summary>How much of two workers' time is left for the work? Bodies of 1, 10 and 100 µs that spin.</summary>
internal static class Bodies
{
    internal static async Task RunAsync(int rounds)
    {
        Console.WriteLine("Efficiency = ideal wall time (items x body / 2) / measured, medians.");
        Console.WriteLine();
        Console.WriteLine("| body | variant | efficiency |");
        Console.WriteLine("|--:|---|--:|");
        foreach ((int micros, int items) in new[] { (1, 200_000), (10, 40_000), (100, 4_000) })
        {
            (string Name, Func<Task> Body)[] variants =
            [
                ("Pipeline, input order", () => OursAsync(micros, items, StageOrder.Input)),
                ("Pipeline, completion order", () => OursAsync(micros, items, StageOrder.Completion)),
                ("TPL Dataflow, ordered", () => DataflowAsync(micros, items, ordered: true)),
                ("TPL Dataflow, unordered", () => DataflowAsync(micros, items, ordered: false)),
            ];
            Dictionary<string, List<double>> efficiency = variants.ToDictionary(v => v.Name, _ => new List<double>());
            for (int round = -1; round < rounds; round++)
            {
                foreach ((string name, Func<Task> body) in variants)
                {
                    long start = Stopwatch.GetTimestamp();
                    await body();
                    if (round >= 0)
                        efficiency[name].Add(items * micros / 2.0 / Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                }
            }

            foreach ((string name, List<double> all) in efficiency)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {micros} µs | {name} | {all.Order().ElementAt(all.Count / 2):P1} |"));
        }

        Console.WriteLine();
    }

    internal static int Spin(int x, int micros)
    {
        long end = Stopwatch.GetTimestamp() + (micros * Stopwatch.Frequency / 1_000_000);
        while (Stopwatch.GetTimestamp() < end)
        {
        }

        return x;
    }

    private static Task<RunReport> OursAsync(int micros, int items, StageOrder order) =>
        PipelineBuilder.Start<int>("bodies").Stage("spin", x => Spin(x, micros), o => (o.Workers, o.Capacity, o.Order) = (2, 128, order)).Build()
            .RunAsync(Enumerable.Range(0, items), new RunOptions { Workers = 2 });

    private static async Task DataflowAsync(int micros, int items, bool ordered)
    {
        TransformBlock<int, int> spin = new(x => Spin(x, micros), new ExecutionDataflowBlockOptions { MaxDegreeOfParallelism = 2, BoundedCapacity = 128, EnsureOrdered = ordered });
        ActionBlock<int> end = new(static _ => { }, new ExecutionDataflowBlockOptions { BoundedCapacity = 128 });
        spin.LinkTo(end, new DataflowLinkOptions { PropagateCompletion = true });
        for (int i = 0; i < items; i++)
        {
            if (!spin.Post(i))
                await spin.SendAsync(i);
        }

        spin.Complete();
        await end.Completion;
    }
}
