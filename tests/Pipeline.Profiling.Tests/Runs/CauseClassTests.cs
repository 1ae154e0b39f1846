namespace Pipeline.Profiling.Tests;

/// <summary>The causes that need more than a simulated run: locks, memory, collections and queues.</summary>
public sealed class CauseClassTests
{
    [Fact]
    public void Analyze_LockHeldForMostOfTheBody_IsTheSection()
    {
        SerialSection section = new("index", "work");
        for (int i = 0; i < 200; i++)
            Locked(i, section);

        // Eight workers; a body is inside the lock for 60 % of its time, so the lock lets results out a fifth as fast as the workers could.
        double held = section.Held.TotalSeconds / 200;
        PipelineModel model = new([Wide("work", 8, held * 2 / 3) with { SectionSeconds = held }], 200);
        RunReport report = SimulatedReport.Of(model);
        StageReport work = report.Stages[0] with { Busy = TimeSpan.FromSeconds(200 * held * 5 / 3) };
        RunCause cause = RunAnalyzer.Analyze(report with { Stages = [work] }, new RunAnalysisOptions { Sections = [section] }).Cause;
        Assert.Equal((CauseKind.SerialSection, "work"), (cause.Kind, Assert.Single(cause.Names)));
        Assert.NotEqual(CauseKind.SerialSection, RunAnalyzer.Analyze(report with { Stages = [work] }).Cause.Kind);
    }

    [Fact]
    public async Task Analyze_SectionEnteredByTheBodies_IsNamedAsTheCause()
    {
        SerialSection section = new("index", "work");
        StagedPipeline<int, int> pipeline =
            PipelineBuilder.Start<int>("locked").Stage("work", x => Locked(x, section), o => o.Workers = 4).Build();
        RunReport report =
            await pipeline.RunAsync(Enumerable.Range(0, 400), new RunOptions { Workers = 4 },
                TestContext.Current.CancellationToken).OrHang();
        RunAnalysis analysis = RunAnalyzer.Analyze(report, new RunAnalysisOptions { Sections = [section] });
        Assert.Contains(analysis.SerialParts, p => p.Kind == CauseKind.SerialSection && p.Name == "index" && p.Seconds > 0);
        Assert.Equal(400, section.Entries);
    }

    [Fact]
    public void Analyze_WorkersThatWaitForBytes_IsTheMemoryBudget()
    {
        RunReport report = SimulatedReport.Of(new PipelineModel([Wide("work", 4, 0.1)], 200));
        StageReport held =
            report.Stages[0] with
            {
                BlockedByAdmission = report.Stages[0].Blocked + (2 * report.Elapsed),
                Blocked = report.Stages[0].Blocked + (2 * report.Elapsed)
            };
        RunReport tight = report with { Elapsed = 2 * report.Elapsed, MemoryBudgetBytes = 1000, PeakInFlightBytes = 990, Stages = [held] };
        Assert.Equal(CauseKind.MemoryBudget, RunAnalyzer.Analyze(tight).Cause.Kind);
        Assert.NotEqual(CauseKind.MemoryBudget, RunAnalyzer.Analyze(tight with { PeakInFlightBytes = 500 }).Cause.Kind);
    }

    [Fact]
    public void Analyze_CollectionsThatStopEverything_AreNamed()
    {
        RunReport report = SimulatedReport.Of(new PipelineModel([Wide("work", 4, 0.1)], 200));
        RunCause cause = RunAnalyzer.Analyze(report with { GarbageCollectionPauses = 0.3 * report.Elapsed }).Cause;
        Assert.Equal(CauseKind.GarbageCollection, cause.Kind);
        Assert.Equal(
            20.0 / 1.5, RunAnalyzer.Analyze(report with { GarbageCollectionPauses = TimeSpan.FromSeconds(1.5) }).Limits.NoOverlap, 1e-6);
        Assert.NotEqual(
            CauseKind.GarbageCollection, RunAnalyzer.Analyze(report with { GarbageCollectionPauses = 0.1 * report.Elapsed }).Cause.Kind);
    }

    [Fact]
    public void Analyze_VaryingTimesWithLittleRoom_AreShortQueues()
    {
        // Both stages take 0.1 s on average, in runs of eight that do not meet: a longer queue evens them out.
        double[] one = [.. Enumerable.Range(0, 240).Select(i => i % 2 == 0 ? 0.04 : 0.16)];
        double[] two = [.. Enumerable.Range(0, 240).Select(i => i / 8 % 2 == 0 ? 0.04 : 0.16)];
        PipelineModel model = new([Serial("one", one), Serial("two", two)], 240);
        RunCause cause = RunAnalyzer.Analyze(SimulatedReport.Of(model)).Cause;
        Assert.Equal((CauseKind.ShortQueues, "two"), (cause.Kind, Assert.Single(cause.Names)));
    }

    private static int Locked(int x, SerialSection section)
    {
        using SerialSection.Scope scope = section.Enter();
        Thread.SpinWait(2000);
        return x;
    }

    private static StageModel Wide(string name, int workers, double seconds) => new(name, workers, StageTimes.Constant(seconds));

    private static StageModel Serial(string name, double[] seconds) =>
        new(name, 1, StageTimes.Measured(seconds)) { FollowsRunWorkers = false, Capacity = 1, Order = StageOrder.Completion };
}
