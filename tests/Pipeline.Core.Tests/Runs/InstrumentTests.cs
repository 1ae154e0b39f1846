using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pipeline.Core.Tests.Runs;

public sealed class InstrumentTests
{
    [Fact]
    public async Task Meter_ListenedTo_CountsItemsPerStage()
    {
        using Recorder recorder = new(factory: null);
        await PipelineBuilder.Start<int>(recorder.Pipeline)
            .Stage("work", static x => x, o => o.Workers = 2)
            .Build()
            .RunAsync(Enumerable.Range(0, 1000))
            .OrHang();
        Assert.Equal(1000, recorder.Of("pipeline.stage.items", "work").Sum());
        Assert.NotEmpty(recorder.Of("pipeline.stage.duration", "work"));
    }

    [Fact]
    public async Task Meter_SomeItemsOfATurnFail_CountsOnlyThoseAsErrors()
    {
        long good = 0, bad = 0;
        using Factory factory = new();
        using MeterListener meters = new();
        meters.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Name == "pipeline.stage.items")
                self.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((_, items, tags, _) =>
        {
            if (tags.ToArray().Any(static tag => Equals(tag.Value, "work")))
                _ = tags.ToArray().Any(static tag => tag.Key == "error.type")
                    ? Interlocked.Add(ref bad, items)
                    : Interlocked.Add(ref good, items);
        });
        meters.Start();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("turns")
            .Stage("work", static x => x % 100 == 7 ? throw new FormatException() : x, static o => o.OnFailure = FailurePolicy.Skip)
            .Build();
        await pipeline.RunAsync(Enumerable.Range(0, 5000), new RunOptions { MeterFactory = factory }).OrHang();
        Assert.Equal((4950L, 50L), (good, bad));
    }

    [Fact]
    public async Task MeterFactory_OfTheRun_MeasuresWithItsMeterOnly()
    {
        using Factory factory = new();
        using Recorder recorder = new(factory);
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>(recorder.Pipeline).Stage("work", static x => x).Build();
        await pipeline.RunAsync([1, 2, 3], new RunOptions { MeterFactory = factory }).OrHang();
        await pipeline.RunAsync([1, 2, 3], new RunOptions { MeterFactory = factory }).OrHang();
        await pipeline.RunAsync([1, 2, 3]).OrHang(); // measured by the process's meter, to which nobody listens here
        Assert.Equal(6, recorder.Of("pipeline.stage.items", "work").Sum());
        Assert.Equal("Pipeline.Core", factory.Asked);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Listeners_ThatThrow_ChangeNothing(int items)
    {
        using Factory factory = new();
        using MeterListener meters = new();
        meters.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == factory)
                self.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>(static (_, _, _, _) => throw new FormatException());
        meters.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new FormatException());
        meters.Start();
        string name = $"throwing {Guid.NewGuid()}";
        using ActivityListener activities = new()
        {
            ShouldListenTo = static source => source.Name == "Pipeline.Core",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity => ThrowInStage(activity),
            ActivityStopped = activity => ThrowInStage(activity),
        };
        ActivitySource.AddActivityListener(activities);
        RunReport report = await PipelineBuilder.Start<int>(name)
            .Broadcast("copy", static b => b.Stage("a", static x => x), static b => b.Stage("b", static x => x))
            .SelectMany("split", static x => new[] { x })
            .Batch("collect", new BatchOptions { MaxItems = 4 })
            .Build().RunAsync(Enumerable.Range(0, items), new RunOptions { MeterFactory = factory }).OrHang();
        Assert.Equal(items, report.ItemsCompleted);

        void ThrowInStage(Activity activity)
        {
            if (activity.OperationName == "pipeline.stage" && Equals(activity.GetTagItem("pipeline.name"), name))
                throw new FormatException();
        }
    }

    [Fact]
    public async Task Meter_StagesThatSplitAndCollect_CountsTheirItemsToo()
    {
        using Factory factory = new();
        using Recorder recorder = new(factory);
        await PipelineBuilder.Start<int>(recorder.Pipeline)
            .Broadcast(
                "copy", static o => o.Capacity = 8, static b => b.Stage("a", static x => x), static b => b.Where("b", static x => false))
            .SelectMany("split", static x => x == 3 ? throw new FormatException() : new[] { x, x }, o => o.OnFailure = FailurePolicy.Skip)
            .Batch("collect", new BatchOptions { MaxItems = 4 })
            .Build().RunAsync(Enumerable.Range(0, 10), new RunOptions { MeterFactory = factory }).OrHang();
        Assert.Equal(10, recorder.Of("pipeline.stage.items", "copy").Sum());
        Assert.Equal((10, 18), (recorder.Of("pipeline.stage.items", "split").Sum(), recorder.Of("pipeline.stage.items", "collect").Sum()));
        Assert.Equal(9, recorder.Of("pipeline.stage.duration", "split").Count());
        Assert.Equal(10, recorder.Of("pipeline.stage.wait.duration", "split").Count());
    }

    [Fact]
    public async Task WaitDuration_ItemBehindASlowOne_TellsHowLongItWaited()
    {
        using Factory factory = new();
        using Recorder recorder = new(factory);
        ManualClock clock = new();
        clock.Advance(TimeSpan.FromMinutes(1));
        TaskCompletionSource release = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>(recorder.Pipeline)
            .Stage("give", x =>
            {
                if (x == 2)
                {
                    clock.Advance(TimeSpan.FromSeconds(5)); // item 1 has arrived behind item 0 by now
                    release.SetResult();
                }

                return x;
            }, o => o.Workers = 1)
            .Stage("take", async (x, ct) =>
            {
                if (x == 0)
                    await release.Task;
                return x;
            }, o => o.Workers = 1)
            .Build();
        RunOptions oneItemPerTurn = new() { MemoryBudgetBytes = 1, Workers = 2, TimeProvider = clock, MeterFactory = factory };
        await pipeline.RunAsync(Enumerable.Range(0, 3), oneItemPerTurn).OrHang();
        Assert.Equal([0, 0, 5], recorder.Of("pipeline.stage.wait.duration", "take").Order());
        Assert.Equal([0, 0, 0], recorder.Of("pipeline.stage.wait.duration", "sink"));
    }

    [Fact]
    public async Task Activities_Sampled_AreCurrentInsideBodiesAndPartOfTheRun()
    {
        string name = $"traced {Guid.NewGuid()}";
        ConcurrentBag<Activity> ended = [];
        using ActivityListener listener = Listen(name, ended);
        ConcurrentBag<(string?, ActivitySpanId?)> inside = [];
        await PipelineBuilder.Start<int>(name)
            .Stage("now", x =>
            {
                inside.Add((Activity.Current?.OperationName, Activity.Current?.SpanId));
                return x;
            })
            .Stage("later", async (x, ct) =>
            {
                await Task.Yield();
                inside.Add((Activity.Current?.OperationName, Activity.Current?.SpanId));
                return x;
            }, o => o.Workers = 2)
            .Build().RunAsync(Enumerable.Range(0, 10)).OrHang();
        Activity run = Assert.Single(ended, activity => activity.OperationName == "pipeline.run");
        Activity[] stages = [.. ended.Where(activity => activity.OperationName == "pipeline.stage")];
        Assert.All(stages, stage => Assert.Equal(run.SpanId, stage.ParentSpanId));
        Assert.Equal(["later", "now", "sink"], stages.Select(stage => (string)stage.GetTagItem("pipeline.stage.name")!).Distinct().Order());
        Assert.Equal(20, inside.Count);
        Assert.All(inside, body => Assert.Contains(stages, stage => stage.OperationName == body.Item1 && stage.SpanId == body.Item2));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task Activities_BodyThatThrows_EndAsErrors()
    {
        string name = $"traced {Guid.NewGuid()}";
        ConcurrentBag<Activity> ended = [];
        using ActivityListener listener = Listen(name, ended);
        await PipelineBuilder.Start<int>(name)
            .Stage("fail", static int (x) => throw new FormatException(), o => o.OnFailure = FailurePolicy.Skip)
            .Build()
            .RunAsync([1])
            .OrHang();
        Activity stage = Assert.Single(ended, activity => Equals(activity.GetTagItem("pipeline.stage.name"), "fail"));
        Assert.Equal((ActivityStatusCode.Error, "System.FormatException"), (stage.Status, stage.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Activities_SecondAttemptAfterADelay_RunsInTheSameOne()
    {
        string name = $"traced {Guid.NewGuid()}";
        ConcurrentBag<Activity> ended = [];
        using ActivityListener listener = Listen(name, ended);
        ManualClock clock = new();
        List<ActivitySpanId?> inside = [];
        Task<RunReport> run = PipelineBuilder.Start<int>(name).Stage("retry", x =>
        {
            inside.Add(Activity.Current?.SpanId);
            return inside.Count == 1 ? throw new FormatException() : x;
        }, o => o.OnFailure = FailurePolicy.Skip.WithRetry(2, TimeSpan.FromSeconds(1)))
            .Build()
            .RunAsync([1], new RunOptions { TimeProvider = clock });
        await clock.WhenTimerIsSet().OrHang();
        clock.Advance(TimeSpan.FromSeconds(2));
        await run.OrHang();
        Activity stage = Assert.Single(ended, activity => Equals(activity.GetTagItem("pipeline.stage.name"), "retry"));
        Assert.Equal([stage.SpanId, stage.SpanId], inside);
        Assert.Equal(ActivityStatusCode.Unset, stage.Status);
    }

    /// <summary>Collects the activities of one pipeline as they end.</summary>
    internal static ActivityListener Listen(string pipeline, IProducerConsumerCollection<Activity> ended)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "Pipeline.Core",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("pipeline.name"), pipeline))
                    ended.TryAdd(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>Keeps what the meter of a factory, or that of the process, measures of one pipeline.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string Instrument, string Stage, double Value)> _measured = [];

        internal Recorder(Factory? factory)
        {
            _listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Pipeline.Core" && instrument.Meter.Scope == factory)
                    self.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
            _listener.Start();
        }

        internal string Pipeline { get; } = $"measured {Guid.NewGuid()}";

        public void Dispose() => _listener.Dispose();

        internal IEnumerable<double> Of(string instrument, string stage) =>
            _measured.Where(m => (m.Instrument, m.Stage) == (instrument, stage)).Select(m => m.Value);

        private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Dictionary<string, object?> all = new(tags.ToArray());
            if (Equals(all["pipeline.name"], Pipeline))
                _measured.Enqueue((instrument.Name, (string)all["pipeline.stage.name"]!, value));
        }
    }

    private sealed class Factory : IMeterFactory
    {
        private Meter? _meter;

        internal string? Asked { get; private set; }

        public Meter Create(MeterOptions options)
        {
            Asked = options.Name;
            options.Scope = this;
            return _meter ??= new Meter(options);
        }

        public void Dispose() => _meter?.Dispose();
    }
}
