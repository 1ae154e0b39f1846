using System.Threading.Tasks.Sources;

namespace Pipeline.Core.Tests.Runs;

/// <summary>Times are those of a clock that only the bodies move, so every recommendation is known.</summary>
public sealed class WorkerTuningTests
{
    [Fact]
    public async Task Report_BodiesThatMostlyWait_RecommendsAsManyAsKeepTheProcessorsBusy()
    {
        // 1 ms computing + 1 ms computing and 8 ms waiting: 10 ms in bodies, 2 ms of them compute; 2 processors serve 2 * 10 / 2 = 10 bodies.
        RunReport report = await RunAsync(new WorkerTuningOptions { Processors = 2, MaxWorkers = 64, CalibrationItems = 5 });
        Assert.Equal([(null, 10), ("compute", 1), ("call", 9)], report.WorkerDecisions.Select(static d => (d.Stage, d.Recommended)));
        Assert.All(report.WorkerDecisions, static decision => Assert.False(decision.IsApplied));
        Assert.Contains(
            "10 ms in bodies, of which 2 ms compute, so 2 processors serve 10 bodies; not applied", report.WorkerDecisions[0].Reason);
        Assert.Equal(TimeSpan.FromMilliseconds(50), report.WorkerDecisions[0].At); // when the slower stage had its fifth item
    }

    [Fact]
    public async Task Report_MoreThanTheCap_RecommendsTheCapAndSaysSo()
    {
        RunReport report = await RunAsync(new WorkerTuningOptions { Processors = 2, MaxWorkers = 4, CalibrationItems = 5 });
        Assert.Equal([4, 1, 4], report.WorkerDecisions.Select(static d => d.Recommended)); // 4 / 10 ms: 0.4 and 3.6 bodies
        Assert.Contains("capped at 4", report.WorkerDecisions[0].Reason);
    }

    [Fact]
    public async Task Report_StageWithOwnWorkersThatAreTooFew_SaysThatItLimitsTheRun()
    {
        RunReport report =
            await RunAsync(new WorkerTuningOptions { Processors = 2, MaxWorkers = 64, CalibrationItems = 5 }, callWorkers: 3);
        WorkerDecision call = Assert.Single(report.WorkerDecisions, static decision => decision.Stage == "call");
        Assert.Equal((3, 9), (call.Workers, call.Recommended));
        Assert.Contains("it limits the run. It keeps its own number.", call.Reason);
    }

    [Fact]
    public async Task Report_RunShorterThanTheCalibration_DecidesNothing() =>
        Assert.Empty((await RunAsync(new WorkerTuningOptions { CalibrationItems = 100 })).WorkerDecisions);

    [Fact]
    public void Apply_InASynchronousRun_StaysWithOneBodyAtATime()
    {
        // The first items calibrate; later ones really wait, and another body would begin meanwhile if it might.
        ManualClock clock = new();
        int inside = 0;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("synchronous").Stage("call", (x, ct) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            clock.Advance(TimeSpan.FromMilliseconds(1));
            return x < 5 ? Wait(x, clock, 9, () => inside--) : AfterAsync(Task.Run(() => Interlocked.Decrement(ref inside)), x);
        }).Build();
        Assert.Equal(50, pipeline.RunSynchronously(Enumerable.Range(0, 50),
            new RunOptions { TimeProvider = clock, WorkerTuning = new WorkerTuningOptions { CalibrationItems = 5, Apply = true } }).Count);
    }

    [Fact]
    public async Task Report_OneItemGivesSeveralParts_CountsTheirVisits()
    {
        ManualClock clock = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("parts")
            .SelectMany("split", static x => new[] { x, x, x, x })
            .Stage("work", x =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(1));
                return x;
            })
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 10), new RunOptions
        {
            Workers = 1,
            MaxItemsInFlight = 1,
            TimeProvider =
                clock,
            WorkerTuning = new WorkerTuningOptions { Processors = 3, MaxWorkers = 64, CalibrationItems = 8 }
        }).OrHang();
        Assert.Contains("An item spends 4 ms in bodies", report.WorkerDecisions[0].Reason);
        Assert.Equal(3, report.WorkerDecisions[0].Recommended);
    }

    [Fact]
    public async Task Report_Route_CountsInEachBranchWhatComesThere()
    {
        // Of ten items nine take 1 ms and one 21 ms, and each 2 ms behind the branches: 5 ms on average.
        ManualClock clock = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("routes")
            .Route("route", routes => routes
                .When(static x => x % 10 != 0, b => b.Stage("short", x =>
                {
                    clock.Advance(TimeSpan.FromMilliseconds(1));
                    return x;
                }))
                .Otherwise(b => b.Stage("long", x =>
                {
                    clock.Advance(TimeSpan.FromMilliseconds(21));
                    return x;
                })))
            .Stage("last", x =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(2));
                return x;
            })
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(1, 400), new RunOptions
        {
            Workers = 1,
            MaxItemsInFlight = 1,
            TimeProvider =
                clock,
            WorkerTuning = new WorkerTuningOptions { Processors = 3, MaxWorkers = 64, CalibrationItems = 20 }
        }).OrHang();
        Assert.Contains("An item spends 5 ms in bodies", report.WorkerDecisions[0].Reason);
    }

    [Fact]
    public async Task Report_PipelineWithBatches_IsCalibratedToo()
    {
        ManualClock clock = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("batches")
            .Stage("work", x =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(1));
                return x;
            })
            .Batch("fours", new BatchOptions { MaxItems = 4 })
            .Stage("store", batch =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(8));
                return batch.Count;
            })
            .Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 80), new RunOptions
        {
            Workers = 1,
            TimeProvider = clock,
            WorkerTuning = new WorkerTuningOptions { Processors = 3, MaxWorkers = 64, CalibrationItems = 8 }
        }).OrHang();
        Assert.Equal(["work", "fours", "store"], report.WorkerDecisions.Skip(1).Select(static decision => decision.Stage));
        Assert.Equal(3, report.WorkerDecisions[0].Recommended);
    }

    [Fact]
    public async Task Apply_Asked_MoreBodiesRunAtOnceAfterTheCalibration()
    {
        // The first items come one by one; later ones wait until four are inside, which only the applied number allows.
        ManualClock clock = new();
        TaskCompletionSource fourInside = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int inside = 0;
        int mostBefore = 0;
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("applied").Stage("call", (x, ct) =>
        {
            int now = Interlocked.Increment(ref inside);
            if (x < 5)
            {
                mostBefore = Math.Max(mostBefore, now);
                clock.Advance(TimeSpan.FromMilliseconds(1));
                return Wait(x, clock, 9, () => Interlocked.Decrement(ref inside));
            }

            if (now == 4)
                fourInside.SetResult();
            return AfterAsync(fourInside.Task, x);
        }).Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 9), new RunOptions
        {
            Workers = 1,
            TimeProvider = clock,
            WorkerTuning = new WorkerTuningOptions { Processors = 1, MaxWorkers = 4, CalibrationItems = 5, Apply = true },
        }).OrHang();
        Assert.Equal((1, 4, 9L), (mostBefore, report.Workers, report.ItemsCompleted));
        Assert.Equal(
            (1, 4, true), (report.WorkerDecisions[0].Workers, report.WorkerDecisions[0].Recommended, report.WorkerDecisions[0].IsApplied));
    }

    [Fact]
    public async Task Apply_BodiesThatCompute_HaveAThreadEach()
    {
        const int Processors = 6;
        ManualClock clock = new();
        using CountdownEvent inside = new(Processors);
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("computing").Stage("compute", x =>
        {
            if (x < 5)
                clock.Advance(TimeSpan.FromMilliseconds(1));
            else
                inside.Signal();
            Assert.True(x < 5 || inside.Wait(Limits.Hang));
            return x;
        }).Build();
        RunReport report = await pipeline.RunAsync(Enumerable.Range(0, 5 + Processors), new RunOptions
        {
            Workers = 1,
            TimeProvider = clock,
            WorkerTuning = new WorkerTuningOptions { Processors = Processors, MaxWorkers = 64, CalibrationItems = 5, Apply = true },
        }).OrHang();
        Assert.Equal((Processors, 11L), (report.Workers, report.ItemsCompleted));
    }

    private static async Task<RunReport> RunAsync(WorkerTuningOptions tuning, int? callWorkers = null)
    {
        ManualClock clock = new();
        StagedPipeline<int, int> pipeline = PipelineBuilder.Start<int>("tuned")
            .Stage("compute", x =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(1));
                return x;
            })
            .Stage("call", (x, ct) =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(1));
                return Wait(x, clock, 8, static () => { });
            }, o => o.Workers = callWorkers)
            .Build();
        return await pipeline.RunAsync(
            Enumerable.Range(0, 10),
            new RunOptions { Workers = 1, MaxItemsInFlight = 1, TimeProvider = clock, WorkerTuning = tuning }).OrHang();
    }

    private static async ValueTask<int> AfterAsync(Task task, int result)
    {
        await task;
        return result;
    }

    private static ValueTask<int> Wait(int result, ManualClock clock, int milliseconds, Action ended) =>
        new(new Waiting(result, clock, milliseconds, ended), 0);

    /// <summary>A wait during which the clock goes on. It begins when the run begins to wait for it, so the run sees all of it.</summary>
    private sealed class Waiting(int result, ManualClock clock, int milliseconds, Action ended) : IValueTaskSource<int>
    {
        private bool _isOver;

        public ValueTaskSourceStatus GetStatus(short token) => _isOver ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

        public int GetResult(short token) => result;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        {
            clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            ended();
            _isOver = true;
            continuation(state);
        }
    }
}
