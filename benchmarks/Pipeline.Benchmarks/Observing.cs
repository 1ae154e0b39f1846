using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pipeline.Core;

namespace Pipeline.Benchmarks;

/// <summary>What does looking cost? Progress every 10 ms, all instruments, activities of every turn: each against none, with bodies of 1 µs.</summary>
internal static class Observing
{
    private const int Items = 200_000;

    public static async Task RunAsync(int rounds)
    {
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("observing")
            .Stage("a", static x => Bodies.Spin(x, 1), static o => (o.Workers, o.Capacity) = (2, 128))
            .Stage("b", static x => Bodies.Spin(x, 1), static o => (o.Workers, o.Capacity) = (2, 128))
            .Build();
        Dictionary<string, Sample> medians = await Measure.InterleavedAsync(
            rounds,
            Items,
            "item",
            ("not observed", () => RunAsync(pipeline)),
            ("progress", () => RunAsync(pipeline, new Nobody())),
            ("all instruments", () => MeasuredAsync(pipeline)),
            ("activities", () => TracedAsync(pipeline)));
        foreach (string how in (string[])["progress", "all instruments", "activities"])
            Console.WriteLine(
                $"{how} / not observed: {medians[how].Wall / medians["not observed"].Wall:F3} (median wall), "
                    + $"{medians[how].Cpu / medians["not observed"].Cpu:F3} (median CPU)");
    }

    private static Task<RunReport> RunAsync(StagedPipeline<int, int> pipeline, IProgress<RunProgress>? progress = null) =>
        pipeline.RunAsync(
            Enumerable.Range(0, Items),
            new RunOptions { Workers = 2, Progress = progress, ProgressInterval = TimeSpan.FromMilliseconds(10) });

    private static async Task MeasuredAsync(StagedPipeline<int, int> pipeline)
    {
        using MeterListener listener = new()
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Meter.Name == "Pipeline.Core")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        long count = 0;
        double seconds = 0;
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref count, value));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => Volatile.Write(ref seconds, value));
        listener.Start();
        await RunAsync(pipeline);
        if (count < 2 * Items)
            throw new InvalidOperationException($"The instruments counted {count} items.");
    }

    private static async Task TracedAsync(StagedPipeline<int, int> pipeline)
    {
        long turns = 0;
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == "Pipeline.Core",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ => Interlocked.Increment(ref turns),
        };
        ActivitySource.AddActivityListener(listener);
        await RunAsync(pipeline);
        if (turns < 2)
            throw new InvalidOperationException("There were no activities.");
    }

    private sealed class Nobody : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => GC.KeepAlive(value);
    }
}
