namespace Pipeline.Profiling.Tests;

/// <summary>Planted pipelines, in virtual time: the cause that was planted must be the cause that is named.</summary>
public sealed class RunAnalyzerTests
{
    [Theory]
    [InlineData(4, 2, 0.95, false)]
    [InlineData(4, 2, 0.05, true)] // bodies that wait
    [InlineData(2, 2, 0.95, null)]
    public void Analyze_MoreWorkersThanProcessors_ChecksWhetherBodiesWaitForThem(int workers, int processors, double used, bool? passes)
    {
        RunReport report = SimulatedReport.Of(new PipelineModel([Wide("work", workers, 0.1)], 200).WithWorkers(workers));
        report = report with { Processors = processors, ProcessorTime = used * processors * report.Elapsed };
        ProfileCheck? check = RunAnalyzer.Analyze(report).Checks.SingleOrDefault(c => c.Name == "processors");
        Assert.Equal(passes, check?.Passed);
        if (passes == false)
            Assert.Contains("at most 2 workers", check!.Text);
    }

    [Fact]
    public void Analyze_SlowParallelStage_IsNamedWithTheWorkersThatHelp()
    {
        RunCause cause = CauseOf(new PipelineModel([Serial("parse", 0.01), Wide("score", 8, 0.4), Serial("write", 0.02)], 400));
        Assert.Equal(CauseKind.ParallelStage, cause.Kind);
        Assert.Equal(["score"], cause.Names);
        Assert.EndsWith("12 more workers before 'write' (20 ms between items) binds.", cause.Sentence);
    }

    [Fact]
    public void Analyze_SerialFirstStage_IsDistribution()
    {
        RunCause cause = CauseOf(new PipelineModel([Serial("deal", 0.1), Wide("work", 8, 0.4), Serial("collect", 0.01)], 200));
        Assert.Equal((CauseKind.Distribution, "deal"), (cause.Kind, Assert.Single(cause.Names)));
    }

    [Fact]
    public void Analyze_SerialLastStage_IsCollection()
    {
        RunCause cause = CauseOf(new PipelineModel([Serial("deal", 0.01), Wide("work", 8, 0.4), Serial("collect", 0.1)], 200));
        Assert.Equal((CauseKind.Collection, "collect"), (cause.Kind, Assert.Single(cause.Names)));
    }

    [Fact]
    public void Analyze_SlowSource_IsNamedAlthoughNothingIsBlocked()
    {
        RunCause cause = CauseOf(
            new PipelineModel([Wide("work", 8, 0.4), Serial("collect", 0.01)], 200) { SourceTimes = StageTimes.Constant(0.1) });
        Assert.Equal(CauseKind.Source, cause.Kind);
    }

    [Fact]
    public void Analyze_SlowSink_IsNamed()
    {
        RunCause cause = CauseOf(
            new PipelineModel([Wide("work", 8, 0.4), Serial("sink", 0.1) with { NeedsProcessor = false }], 200), hasSink: true);
        Assert.Equal((CauseKind.Sink, "sink"), (cause.Kind, Assert.Single(cause.Names)));
    }

    [Fact]
    public void Analyze_OrderKeptWithLittleRoom_IsTheOrderGate()
    {
        double[] times = [.. Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? 1.0 : 0.1)];
        PipelineModel model = new(
            [Wide("work", 8, 0) with { Times = StageTimes.Measured(times), Order = StageOrder.Input },
                Serial("collect", 0.001) with { Capacity = 1 }], 200);
        RunCause cause = CauseOf(model);
        Assert.Equal((CauseKind.OrderGate, "work"), (cause.Kind, Assert.Single(cause.Names)));
    }

    [Fact]
    public void Analyze_FewVeryLongItems_AreSkew()
    {
        double[] times = [.. Enumerable.Range(0, 64).Select(i => i == 60 ? 4.0 : 0.1)];
        RunCause cause = CauseOf(
            new PipelineModel([Wide("work", 8, 0) with { Times = StageTimes.Measured(times) }, Serial("collect", 0.001)], 64));
        Assert.Equal(CauseKind.SkewedItems, cause.Kind);
    }

    [Fact]
    public void Analyze_FewerItemsThanWorkers_AreTooFew()
    {
        RunCause cause = CauseOf(new PipelineModel([Wide("a", 16, 0.4), Wide("b", 16, 0.3)], 12));
        Assert.Equal(CauseKind.TooFewItems, cause.Kind);
        Assert.Contains("12 items cannot keep 16 workers busy", cause.Sentence);
    }

    [Fact]
    public void Analyze_SomeFillingAndDraining_LeavesTheSlowestStageTheCause()
    {
        // Four stages to fill: 18 % of the run, which more items would save, but the slowest stage still sets the pace.
        RunCause cause = CauseOf(new PipelineModel([Wide("a", 6, 0.04), Wide("b", 6, 0.06), Wide("c", 5, 0.04), Wide("d", 4, 0.03)], 80));
        Assert.Equal((CauseKind.ParallelStage, "b"), (cause.Kind, Assert.Single(cause.Names)));
    }

    [Fact]
    public void Analyze_OneWorkerOutOfLine_IsTheSlowWorker()
    {
        // The last stage keeps the order with little room, so that the slow worker's items hold back the others.
        PipelineModel model = new(
            [Wide("work", 4, 0.1) with { WorkerSlowness = [8, 1, 1, 1], Order = StageOrder.Input },
                Serial("collect", 0.001) with { Capacity = 1 }], 200);
        RunCause cause = CauseOf(model);
        Assert.Equal((CauseKind.SlowWorker, "work"), (cause.Kind, Assert.Single(cause.Names)));
    }

    [Fact]
    public void Analyze_EqualSerialStages_AreATieAndSaySo()
    {
        RunCause cause = CauseOf(new PipelineModel([Serial("deal", 0.1), Wide("work", 8, 0.4), Serial("collect", 0.1)], 200));
        Assert.True(cause.IsTie);
        Assert.Equal(["deal", "collect"], cause.Names);
        Assert.Contains("alike", cause.Sentence);
    }

    [Fact]
    public void Analyze_AllStagesShareTheProcessors_NamesThemAndTheHeaviestStage()
    {
        RunCause cause = CauseOf(new PipelineModel([Wide("decode", 2, 0.3), Wide("encode", 2, 0.25)], 100) { Workers = 2 });
        Assert.Equal(CauseKind.Processors, cause.Kind);
        Assert.Contains("'decode'", cause.Sentence);
    }

    [Fact]
    public void Analyze_RandomPlantsWithAClearBottleneck_NamesItInAllOfThem()
    {
        int right = 0;
        for (int seed = 1; seed <= 20; seed++)
        {
            (PipelineModel model, string planted) = RandomPlant(seed);
            RunCause cause = CauseOf(model);
            if (cause.Names.SequenceEqual([planted]))
                right++;
        }

        Assert.Equal(20, right);
    }

    [Fact]
    public void Analyze_SerialEnds_GivesBothLimitsAndThePartsSeparately()
    {
        RunAnalysis analysis = RunAnalyzer.Analyze(
            SimulatedReport.Of(new PipelineModel([Serial("deal", 0.01), Wide("work", 8, 0.36), Serial("collect", 0.03)], 400)));
        Assert.Equal(10, analysis.Limits.NoOverlap, 1e-6);
        Assert.Equal(40.0 / 3, analysis.Limits.Pipeline, 1e-6);
        Assert.Equal(0.1, analysis.SerialShare, 1e-6);
        Assert.Equal([CauseKind.Collection, CauseKind.Distribution], analysis.SerialParts.Select(p => p.Kind));
    }

    [Fact]
    public void Analyze_SerialEnds_HasTheSpanOfOneItemAndOfTheSlowestSerialPart()
    {
        // The first item passes everything, 0.4 s; 399 more leave the collection, 0.03 s each.
        WorkSpan span =
            RunAnalyzer.Analyze(SimulatedReport.Of(new PipelineModel([Serial("deal", 0.01), Wide("work", 8, 0.36),
                Serial("collect", 0.03)], 400))).WorkSpan;
        Assert.Equal(160, span.WorkSeconds, 1e-6);
        Assert.Equal(0.4 + (399 * 0.03), span.SpanSeconds, 1e-6);
    }

    [Fact]
    public void Analyze_AccountsThatDoNotClose_FailTheCheck()
    {
        RunReport report = SimulatedReport.Of(new PipelineModel([Wide("work", 2, 0.1)], 50));
        Assert.True(Check(report).Passed);
        StageReport broken = report.Stages[0] with { Busy = report.Stages[0].Busy * 0.9 };
        ProfileCheck check = Check(report with { Stages = [broken] });
        Assert.False(check.Passed);
        Assert.Contains("Accounting broken", check.Text);

        static ProfileCheck Check(RunReport r) => Assert.Single(RunAnalyzer.Analyze(r).Checks, c => c.Name == "accounts");
    }

    [Fact]
    public void Of_SwappedBusyAndStarved_GivesAnotherModel()
    {
        // The busy time is what the simulation works with: at 25 % load the two differ by a factor of three.
        RunReport report = SimulatedReport.Of(
            new PipelineModel([Wide("work", 1, 0.1) with { FollowsRunWorkers = false }], 50) { SourceTimes = StageTimes.Constant(0.4) });
        Assert.Equal(0.1, RunModel.Of(report).Stages[0].Times.Mean, 1e-9);
        Assert.Equal(0.4, RunModel.Of(report).SourceTimes.Mean, 1e-9);
    }

    [Fact]
    public void Analyze_NothingFinished_IsRefused()
    {
        RunReport report = SimulatedReport.Of(new PipelineModel([Wide("work", 2, 0.1)], 50)) with { ItemsCompleted = 0 };
        Assert.Contains("finished no item", Assert.Throws<ArgumentException>(() => RunAnalyzer.Analyze(report)).Message);
    }

    private static RunCause CauseOf(PipelineModel model, bool hasSink = false) =>
        RunAnalyzer.Analyze(SimulatedReport.Of(model, hasSink)).Cause;

    private static (PipelineModel Model, string Planted) RandomPlant(int seed)
    {
        Random random = new(seed);
        int count = random.Next(2, 6);
        int slowest = random.Next(count);
        double pace = 0.01 + (0.04 * random.NextDouble());
        StageModel[] stages = [.. Enumerable.Range(0, count).Select(i =>
        {
            int workers = random.Next(1, 9);
            double own = i == slowest ? pace : pace * 0.9 * random.NextDouble();
            double mean = own * workers;
            double[] times = [.. Enumerable.Range(0, 400).Select(_ => mean * (0.8 + (0.4 * random.NextDouble())))];
            return new StageModel(
                $"s{i}", workers, StageTimes.Measured(times)) { FollowsRunWorkers = false, Order = random.Next(2) == 0 ? StageOrder.Input
                    : StageOrder.Completion };
        })];
        return (new PipelineModel(stages, 400), $"s{slowest}");
    }

    private static StageModel Serial(string name, double seconds) =>
        new(name, 1, StageTimes.Constant(seconds)) { FollowsRunWorkers = false };

    private static StageModel Wide(string name, int workers, double seconds) => new(name, workers, StageTimes.Constant(seconds));
}
