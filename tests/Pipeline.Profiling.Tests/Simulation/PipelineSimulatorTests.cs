using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Profiling.Tests;

/// <summary>The simulation against answers that are known exactly.</summary>
public sealed class PipelineSimulatorTests
{
    [Fact]
    public void Run_ConstantTimes_HasTheExactMakespan()
    {
        PipelineModel line = Line([1, 3, 2], 1000, capacity: 1);
        Assert.Equal(3003, PipelineSimulator.Run(line).Seconds);
        Assert.Equal(3003, PipelineClosedForms.Makespan([1, 3, 2], 1000));
    }

    [Fact]
    public void Run_FewItems_CountsTheTimeToFillThePipeline()
    {
        PipelineModel line = Line([4, 4, 4], 2, capacity: 1);
        Assert.Equal(16, PipelineSimulator.Run(line).Seconds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    public void Run_TwoExponentialStages_HasTheKnownThroughput(int buffer)
    {
        PipelineModel line = Exponential(2, buffer, 400_000);
        Assert.Equal(1, PipelineSimulator.Run(line, seed: 3).SteadyThroughput / PipelineClosedForms.TwoStageThroughput(buffer), 0.005);
    }

    [Fact]
    public void Run_ThreeAndFourExponentialStagesWithoutBuffers_HaveTheKnownThroughput()
    {
        Assert.Equal(
            1, PipelineSimulator.Run(Exponential(3, 0, 400_000)).SteadyThroughput / PipelineClosedForms.ThreeStageThroughput, 0.005);
        Assert.Equal(1, PipelineSimulator.Run(Exponential(4, 0, 400_000)).SteadyThroughput / 0.5148, 0.005);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(18)]
    [InlineData(32)]
    public void Run_SerialEndsAndNWorkers_HasTheOverlappedSpeedUp(int workers)
    {
        PipelineModel model = new(
            [Serial("distribute", 2), new StageModel("work", workers, StageTimes.Constant(36)), Serial("collect", 2)], 20_000);
        Assert.Equal(
            1, PipelineSimulator.Run(model).SteadyThroughput * 40 / PipelineClosedForms.OverlappedSpeedUp(2, 36, 2, workers), 1e-3);
        Assert.Equal(20, PipelineClosedForms.OverlappedSpeedUp(2, 36, 2, 32));
        Assert.Equal(new PipelineLimits(10, 20), model.Limits());
    }

    [Fact]
    public void Run_OneWorkerForTheWholeRun_TakesTheSumOfAllWork()
    {
        PipelineModel model = Line([1, 3, 2], 100, capacity: 5).WithWorkers(1);
        Assert.Equal(600, PipelineSimulator.Run(model).Seconds);
    }

    [Fact]
    public void Run_StrictPhases_FollowAmdahlsLaw()
    {
        // One item whose serial part and whose 64 parallel pieces follow each other: a barrier, so no overlap.
        foreach (int workers in new[] { 1, 2, 4, 8, 16, 32, 64 })
        {
            double serial = PipelineSimulator.Run(new PipelineModel([new StageModel("serial", 1, StageTimes.Constant(3.2))], 1)).Seconds;
            double parallel =
                PipelineSimulator.Run(new PipelineModel([new StageModel("pieces", workers, StageTimes.Constant(0.95))], 64)).Seconds;
            Assert.Equal(AmdahlLaw.SpeedUp(0.05, workers), 64 / (serial + parallel), 1e-9);
        }
    }

    [Fact]
    public void Run_MoreBodiesThanCores_SharesTheCores()
    {
        PipelineModel model = new([new StageModel("work", 4, StageTimes.Constant(1))], 8) { Cores = 2 };
        Assert.Equal(4, PipelineSimulator.Run(model).Seconds, 1e-9);
    }

    [Fact]
    public void Run_OneWorkerForTheRun_LaterStagesGoFirst()
    {
        // Were earlier stages first, items would queue up in front of the second one.
        SimulationResult result = PipelineSimulator.Run(Line([1, 1], 10, capacity: 64).WithWorkers(1));
        Assert.InRange(result.Stages[1].MeanQueueLength, 0, 0.5);
        Assert.Equal(20, result.Seconds);
    }

    [Fact]
    public void Run_OrderGate_HoldsItemsBehindASlowOneWhenItsRoomIsUsedUp()
    {
        // Room for one waiting result and two in work: while the first item takes 10, only two others can be done.
        double[] times = [10, 1, 1, 1, 1, 1];
        PipelineModel gate = new(
            [new StageModel("work", 2, StageTimes.Measured(times)) { Order = StageOrder.Input }, new StageModel(
                "end", 1, StageTimes.Constant(0)) { Capacity = 1 }], 6);
        SimulationResult ordered = PipelineSimulator.Run(gate);
        SimulationResult free = PipelineSimulator.Run(gate.WithStage("work", s => s with { Order = StageOrder.Completion }));
        Assert.Equal(12, ordered.Seconds);
        Assert.Equal(8, ordered.Stages[0].OrderingSeconds);
        Assert.Equal(0, ordered.Stages[0].BlockedSeconds);
        Assert.Equal(10, free.Seconds);
        Assert.Equal(0, free.Stages[0].OrderingSeconds);
    }

    [Fact]
    public void Run_OrderedStageAfterAnUnorderedOne_GivesOutInOrderWithoutADeadlock()
    {
        double[] times = [10, 1, 1, 1, 1, 1];
        PipelineModel region = new(
            [new StageModel("free", 3, StageTimes.Measured(times)) { Capacity = 1 }, new StageModel(
                "ordered", 1, StageTimes.Constant(1)) { Capacity = 1, Order = StageOrder.Input }, new StageModel(
                    "end", 1, StageTimes.Constant(0)) { Capacity = 1 }], 6);
        SimulationResult result = PipelineSimulator.Run(region);
        Assert.InRange(result.Seconds, 11, 16);
    }

    [Fact]
    public void Run_OneSlowWorker_SlowsItsItemsOnly()
    {
        PipelineModel model = new([new StageModel("work", 2, StageTimes.Constant(1)) { WorkerSlowness = [4, 1] }], 5);
        Assert.Equal(4, PipelineSimulator.Run(model).Seconds);
    }

    [Fact]
    public void Run_SectionInsideTheBodies_LetsOneBodyInAtATime()
    {
        PipelineModel model = new([new StageModel("work", 4, StageTimes.Constant(1)) { SectionSeconds = 1 }], 100);
        Assert.Equal(101, PipelineSimulator.Run(model).Seconds);
        Assert.Equal(200, PipelineSimulator.Run(model.WithWorkers(1)).Seconds);
        Assert.Equal(1, model.Bottleneck().Pace);
        Assert.Equal(1, PipelineSimulator.Run(model with { Cores = 64 }).Seconds / 101, 1e-9);
    }

    [Fact]
    public void Run_SlowSource_StarvesTheStages()
    {
        PipelineModel model = Line([1], 100, capacity: 4) with { SourceTimes = StageTimes.Constant(2) };
        SimulationResult result = PipelineSimulator.Run(model);
        Assert.Equal(201, result.Seconds);
        Assert.Equal(101, result.Stages[0].StarvedSeconds, 1e-9);
        Assert.Equal(["source"], model.Bottleneck().Names);
    }

    [Property(MaxTest = 60)]
    public FsCheck.Property Run_AnyPipeline_KeepsLittleAndTheAccountsAndTheBound() =>
        Prop.ForAll(ArbMap.Default.ArbFor<FsCheck.PositiveInt>(), seed =>
    {
        PipelineModel model = RandomModel(seed.Get);
        SimulationResult result = PipelineSimulator.Run(model, seed.Get);
        bool little = Close(result.MeanItemsInFlight, result.Throughput * result.MeanSecondsInFlight);
        bool queues = result.Stages.All(s => Close(s.MeanQueueLength, result.Throughput * s.MeanWaitSeconds));
        bool accounts = result.Stages.All(
            s => Close(
                s.BusySeconds + s.StarvedSeconds + s.BlockedSeconds + s.AdmissionSeconds + s.OrderingSeconds, s.Workers * result.Seconds)
            && s.StarvedSeconds > -1e-6 && s.BlockedSeconds >= -1e-9 && s.OrderingSeconds >= -1e-9 && s.AdmissionSeconds >= -1e-9);
        double busiest = result.Stages.Max(s => s.BusySeconds / s.Workers);
        return little && queues && accounts && busiest <= result.Seconds * (1 + 1e-9);
    });

    [Property(MaxTest = 60)]
    public FsCheck.Property Run_AllTimesScaled_ScalesTheTime() => Prop.ForAll(ArbMap.Default.ArbFor<FsCheck.PositiveInt>(), seed =>
    {
        PipelineModel model = RandomModel(seed.Get);
        double one = PipelineSimulator.Run(model, seed.Get).Seconds;
        PipelineModel scaled = model.Stages.Aggregate(
            model with { SourceTimes = model.SourceTimes.Scaled(4) }, (m, s) =>
                m.WithStage(s.Name, x => x with { Times = x.Times.Scaled(4), HopSeconds = 4 * x.HopSeconds }));
        return Math.Abs((PipelineSimulator.Run(scaled, seed.Get).Seconds / one) - 4) < 1e-9;
    });

    [Property(MaxTest = 60)]
    public FsCheck.Property Run_MoreWorkersOrALongerQueue_NeverLosesMoreThanNoise() =>
        Prop.ForAll(ArbMap.Default.ArbFor<FsCheck.PositiveInt>(), seed =>
    {
        PipelineModel model = RandomModel(seed.Get) with { Workers = null, Cores = null };
        double one = PipelineSimulator.Run(model, seed.Get).Seconds;
        StageModel stage = model.Stages[seed.Get % model.Stages.Count];
        double workers = PipelineSimulator.Run(model.WithStage(stage.Name, s => s with { Workers = s.Workers + 1 }), seed.Get).Seconds;
        double queue =
            PipelineSimulator.Run(model.WithStage(stage.Name, s => s with { Capacity = (s.Capacity + 1) * 4 }), seed.Get).Seconds;
        return workers <= one * 1.05 && queue <= one * 1.05;
    });

    private static bool Close(double a, double b) => Math.Abs(a - b) <= 1e-6 * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b)));

    private static PipelineModel RandomModel(int seed)
    {
        Random random = new(seed);
        StageModel[] stages = [.. Enumerable.Range(0, random.Next(1, 5)).Select(i =>
        {
            double mean = 0.1 + random.NextDouble();
            double[] measured = [.. Enumerable.Range(0, 200).Select(_ => mean * (0.2 + (1.6 * random.NextDouble())))];
            return new StageModel(
                $"s{i}", random.Next(1, 5), random.Next(3) == 0 ? StageTimes.Constant(mean) : StageTimes.Measured(measured))
            {
                Capacity = random.Next(1, 8),
                Order = random.Next(2) == 0 ? StageOrder.Input : StageOrder.Completion,
                HopSeconds = random.Next(3) == 0 ? 0.01 : 0,
            };
        })];
        return new PipelineModel(stages, 200)
        {
            Workers = random.Next(3) == 0 ? random.Next(1, 6) : null,
            Cores = random.Next(3) == 0 ? random.Next(1, 4) : null,
            MaxItemsInFlight = random.Next(3) == 0 ? random.Next(2, 20) : null,
            SourceTimes = random.Next(3) == 0 ? StageTimes.Constant(0.3) : StageTimes.Constant(0),
        };
    }

    private static StageModel Serial(string name, double seconds) =>
        new(name, 1, StageTimes.Constant(seconds)) { FollowsRunWorkers = false };

    private static PipelineModel Line(double[] seconds, long items, int capacity) =>
        new(seconds.Select((s, i) => new StageModel($"s{i}", 1, StageTimes.Constant(s)) { Capacity = capacity }), items);

    private static PipelineModel Exponential(int stages, int buffer, long items) =>
        new(Enumerable.Range(0, stages).Select(i => new StageModel($"s{i}", 1, StageTimes.Exponential(1)) { Capacity = buffer }), items);
}
