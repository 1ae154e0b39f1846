using System.Diagnostics;
using System.Globalization;
using Pipeline.Core;

namespace Pipeline.Benchmarks;

/// <summary>What does order cost when 1 % of the items take 100 times as long?</summary>
internal static class Stragglers
{
    public static async Task RunAsync(int rounds)
    {
        Console.WriteLine(
            "| workload | order | items/s | ordered / unordered time | workers held up by the order | items between source and sink at "
                + "most | budget, MiB | held at most, MiB |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|");
        await CompareAsync(
            rounds,
            "2 workers that compute 20 µs, stragglers 2 ms",
            10_000,
            2,
            static (x, _) => new ValueTask<Item>(new Item(Bodies.Spin(x.Number, x.Number % 100 == 50 ? 2000 : 20))));
        await CompareAsync(rounds, "8 workers that wait 2 ms, stragglers 200 ms", 1_000, 8, WaitAsync);
        await CompareAsync(rounds, "the same with items of 1 MiB under a budget", 1_000, 8, WaitAsync, budgetMebibytes: 64);
        Console.WriteLine();
    }

    private static async ValueTask<Item> WaitAsync(Item item, CancellationToken cancellationToken)
    {
        await Task.Delay(item.Number % 100 == 50 ? 200 : 2, cancellationToken);
        return item;
    }

    private static async Task CompareAsync(
        int rounds,
        string workload,
        int items,
        int workers,
        Func<Item,
        CancellationToken,
        ValueTask<Item>> body,
        int? budgetMebibytes = null)
    {
        List<Outcome> ordered = [], unordered = [];
        for (int round = 0; round < rounds; round++)
        {
            ordered.Add(await MeasureAsync(StageOrder.Input));
            unordered.Add(await MeasureAsync(StageOrder.Completion));
        }

        double slow = Median(ordered), fast = Median(unordered);
        Print(workload, "input", ordered, slow / fast);
        Print("", "completion", unordered, 1);

        async Task<Outcome> MeasureAsync(StageOrder order)
        {
            StagedPipeline<Item, Item> pipeline = PipelineBuilder.Start<Item>("stragglers")
                .Stage("work", body, o => (o.Workers, o.Order) = (workers, order))
                .Build();
            int taken = 0, given = 0, mostHeld = 0;
            IEnumerable<Item> Source()
            {
                for (int i = 0; i < items; i++)
                {
                    mostHeld = Math.Max(mostHeld, ++taken - Volatile.Read(ref given));
                    yield return new Item(i);
                }
            }

            long start = Stopwatch.GetTimestamp();
            RunReport report = await pipeline.RunAsync(Source(), (_, _) =>
            {
                Volatile.Write(ref given, given + 1);
                return default;
            }, new RunOptions { Workers = workers, MemoryBudgetBytes = budgetMebibytes * 1048576L });
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            return new Outcome(seconds, report.Stages[0].Ordering / (workers * report.Elapsed), mostHeld, report.PeakInFlightBytes);
        }

        double Median(List<Outcome> all) => all.Select(outcome => outcome.Seconds).Order().ElementAt(rounds / 2);

        void Print(string name, string order, List<Outcome> all, double ratio) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {order} | {items / Median(all):F0} | {ratio:F2} | {all.Max(outcome => outcome.HeldUp):P1} | "
                    + $"{all.Max(outcome => outcome.MostHeld)} | {budgetMebibytes?.ToString(CultureInfo.InvariantCulture) ?? "none"} | "
                    + $"{all.Max(outcome => outcome.MostBytes) / 1048576} |"));
    }

    /// <param name="Seconds">Wall time.</param>
    /// <param name="HeldUp">Share of the workers' time in which the order kept them from waiting items.</param>
    /// <param name="MostHeld">Items that the source had given and the sink had not got.</param>
    /// <param name="MostBytes">What items in flight were charged with at most.</param>
    private sealed record Outcome(double Seconds, double HeldUp, int MostHeld, long MostBytes);

    private readonly record struct Item(int Number) : IWeighted
    {
        public long WeightBytes => 1048576;
    }
}
