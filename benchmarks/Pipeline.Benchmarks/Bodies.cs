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
        Console.WriteLine("Efficiency = ideal wall time (items x body / 2) / measured, medians; beside it the same against two bare threads with half of the items each.");
        Console.WriteLine();
        Console.WriteLine("| body | variant | efficiency | best | against bare threads |");
        Console.WriteLine("|--:|---|--:|--:|--:|");
        foreach ((int micros, int items) in new[] { (1, 200_000), (10, 40_000), (100, 4_000) })
        {
            (string Name, Func<Task> Body)[] variants =
            [
                ("two bare threads", () => ThreadsAsync(micros, items)),
                ("Pipeline, input order", () => OursAsync(micros, items, StageOrder.Input, sink: null)),
                ("Pipeline, completion order", () => OursAsync(micros, items, StageOrder.Completion, sink: null)),
                ("Pipeline, input order, with a sink", () => OursAsync(micros, items, StageOrder.Input, static (_, _) => default)),
                ("Pipeline, completion order, with a sink", () => OursAsync(micros, items, StageOrder.Completion, static (_, _) => default)),
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

            double bare = Median(efficiency[variants[0].Name]);
            foreach ((string name, List<double> all) in efficiency)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {micros} µs | {name} | {Median(all):P1} | {all.Max():P1} | {Median(all) / bare:P1} |"));
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

    private static Task<RunReport> OursAsync(int micros, int items, StageOrder order, Func<int, CancellationToken, ValueTask>? sink) =>
        PipelineBuilder.Start<int>("bodies").Stage("spin", x => Spin(x, micros), o => (o.Workers, o.Capacity, o.Order) = (2, 128, order)).Build()
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

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
