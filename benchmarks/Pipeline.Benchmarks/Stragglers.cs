using System.Diagnostics;
using System.Globalization;
using Pipeline.Core;

namespace Pipeline.Benchmarks;

/// <summary>What does order cost when 1 % of the items take 100 times as long?</summary>
internal static class Stragglers
{
    internal static async Task RunAsync(int rounds)
    {
        Console.WriteLine("| workload | order | items/s | ordered / unordered time |");
        Console.WriteLine("|---|---|--:|--:|");
        await CompareAsync(rounds, "2 workers that compute 20 µs, stragglers 2 ms", 10_000, 2, static (x, _) => new ValueTask<int>(Bodies.Spin(x, x % 100 == 50 ? 2000 : 20)));
        await CompareAsync(rounds, "8 workers that wait 2 ms, stragglers 200 ms", 1_000, 8, static async (x, ct) =>
        {
            await Task.Delay(x % 100 == 50 ? 200 : 2, ct);
            return x;
        });
        Console.WriteLine();
    }

    private static async Task CompareAsync(int rounds, string workload, int items, int workers, Func<int, CancellationToken, ValueTask<int>> body)
    {
        List<double> ordered = [], unordered = [];
        for (int round = 0; round < rounds; round++)
        {
            ordered.Add(await SecondsAsync(StageOrder.Input));
            unordered.Add(await SecondsAsync(StageOrder.Completion));
        }

        double slow = ordered.Order().ElementAt(rounds / 2), fast = unordered.Order().ElementAt(rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {workload} | input | {items / slow:F0} | {slow / fast:F2} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| | completion | {items / fast:F0} | 1 |"));

        async Task<double> SecondsAsync(StageOrder order)
        {
            StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("stragglers").Stage("work", body, o => (o.Workers, o.Order) = (workers, order)).Build();
            long start = Stopwatch.GetTimestamp();
            await pipeline.RunAsync(Enumerable.Range(0, items), new RunOptions { Workers = workers });
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
