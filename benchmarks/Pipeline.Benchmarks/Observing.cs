using Pipeline.Core;

namespace Pipeline.Benchmarks;

/// <summary>What does looking cost? Progress every 10 ms and snapshots against none, with bodies of 1 µs.</summary>
internal static class Observing
{
    private const int Items = 200_000;

    internal static async Task RunAsync(int rounds)
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("observing")
            .Stage("a", static x => Bodies.Spin(x, 1), static o => (o.Workers, o.Capacity) = (2, 128))
            .Stage("b", static x => Bodies.Spin(x, 1), static o => (o.Workers, o.Capacity) = (2, 128))
            .Build();
        Dictionary<string, Sample> medians = await Measure.InterleavedAsync(
            rounds,
            Items,
            "item",
            ("not observed", () => pipeline.RunAsync(Enumerable.Range(0, Items), new RunOptions { Workers = 2 })),
            ("observed", () => pipeline.RunAsync(Enumerable.Range(0, Items), new RunOptions { Workers = 2, Progress = new Nobody(), ProgressInterval = TimeSpan.FromMilliseconds(10) })));
        Console.WriteLine($"Observed / not observed: {medians["observed"].Wall / medians["not observed"].Wall:F3} (median wall)");
    }

    private sealed class Nobody : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => GC.KeepAlive(value);
    }
}
