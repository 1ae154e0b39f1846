namespace Pipeline.Profiling.Tests;

/// <summary>What workers take from each other: measured on the machine, and in the simulation.</summary>
public sealed class MachineContentionTests
{
    private static readonly MachineContention s_contention = new(Threads: 3, Computing: 1.2, Copying: 1.5);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1.1)]
    [InlineData(3, 1.2)]
    [InlineData(32, 1.2)]
    public void SlownessOf_Bodies_GrowsUpToTheMeasuredThreads(int bodies, double slowness) =>
        Assert.Equal(slowness, s_contention.SlownessOf(bodies), 1e-12);

    [Fact]
    public void Measure_ThisMachine_FindsThatCopyingSlowsDownAtLeastAsMuchAsComputing()
    {
        MachineContention? measured = MachineContention.Measure();
        Assert.Equal(Environment.ProcessorCount < 2, measured is null);
        if (measured is null)
            return;
        Assert.Equal(Math.Min(MachineContention.MostThreads, Environment.ProcessorCount), measured.Threads);
        Assert.InRange(measured.Computing, 1, measured.Copying);
    }

    [Fact]
    public void Run_WithContention_TakesLongerByTheSlownessOfTheBodiesThatCompute()
    {
        PipelineModel model = new([new StageModel("work", 2, StageTimes.Constant(1))], 8) { Workers = 2, Contention = s_contention };
        Assert.Equal(4 * 1.1, PipelineSimulator.Run(model).Seconds, 1e-9);
        Assert.Equal(8, PipelineSimulator.Run(model.WithWorkers(1)).Seconds, 1e-9);

        // Measured with two workers, the times have it in them: alone a body is faster.
        Assert.Equal(4, PipelineSimulator.Run(model with { MeasuredWorkers = 2 }).Seconds, 1e-9);
        Assert.Equal(8 / 1.1, PipelineSimulator.Run((model with { MeasuredWorkers = 2 }).WithWorkers(1)).Seconds, 1e-9);
    }

    [Fact]
    public void Run_WithBackground_SlowsBodiesOnlyWhereNoProcessorIsFree()
    {
        PipelineModel model = new([new StageModel("work", 1, StageTimes.Constant(1))], 100) { BackgroundSeconds = 0.1, Processors = 2 };
        Assert.Equal(100, PipelineSimulator.Run(model.WithWorkers(1)).Seconds, 1e-9);
        Assert.Equal((100 + 10) / 2.0, PipelineSimulator.Run(model.WithWorkers(2)).Seconds, 1);
    }

    [Fact]
    public void Analyze_RunThatComputedMoreThanItsBodies_ModelsTheRestAsBackground()
    {
        RunReport report = Measured(workers: 1) with { ProcessorTime = TimeSpan.FromSeconds(110), Processors = 2 };
        PipelineModel model = RunAnalyzer.Analyze(report).Model;
        Assert.Equal((0.1, 2), (model.BackgroundSeconds, model.Processors));
        Assert.Equal(0, RunAnalyzer.Analyze(report with { ProcessorTime = TimeSpan.FromSeconds(90) }).Model.BackgroundSeconds);
    }

    [Fact]
    public void OfRun_OneWorkerAndKnownContention_PredictsLessAndAllowsForMemory()
    {
        RunReport report = Measured(workers: 1) with { ProcessorTime = TimeSpan.FromSeconds(100) };
        ScalingPrediction without = Assert.Single(ProfileReports.OfRun(report, predict: [2]).Predictions);
        ScalingPrediction with = Assert.Single(ProfileReports.OfRun(report, Options(), [2]).Predictions);
        Assert.Equal(2, without.SpeedUp!.Value, 1e-6);
        Assert.Equal(2 / 1.1, with.SpeedUp!.Value, 1e-6);
        Assert.Equal(Math.Min(2 / 1.1 / 1.24, 2 / 1.25), with.Band!.Value.Low, 1e-6);
        Assert.Contains("20.0 % longer because 3 threads compute at once", with.Reason);

        // At four times the workers memory may cost more than the band of published errors; bodies that wait meet no contention.
        RunAnalysisOptions crowded = Options(new MachineContention(2, 1, 4));
        Assert.Equal(4 / 4.0, Assert.Single(ProfileReports.OfRun(report, crowded, [4]).Predictions).Band!.Value.Low, 1e-6);
        Assert.Equal(
            2, Assert.Single(ProfileReports.OfRun(report with { ProcessorTime = TimeSpan.Zero }, Options(),
                [2]).Predictions).SpeedUp!.Value, 1e-6);
    }

    private static RunAnalysisOptions Options(MachineContention? contention = null) => new() { Contention = contention ?? s_contention };

    private static RunReport Measured(int workers) =>
        SimulatedReport.Of(new PipelineModel([new StageModel("work", 1, StageTimes.Constant(1))], 100).WithWorkers(workers));
}
