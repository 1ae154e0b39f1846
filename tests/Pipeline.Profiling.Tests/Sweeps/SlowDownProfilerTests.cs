namespace Pipeline.Profiling.Tests;

public sealed class SlowDownProfilerTests
{
    private static readonly PipelineModel s_planted = new(
        [Stage("deal", 1, 0.01), Stage("work", 4, 0.12), Stage("collect", 1, 0.005)], 200);

    [Fact]
    public async Task MeasureAsync_PlantedBottleneck_IsTheOnlyStageThatCosts()
    {
        IReadOnlyList<SlowDownResult> results = await new SlowDownProfiler((slow, _) => Task.FromResult(Report(slow))).MeasureAsync(
            new SlowDownOptions { Rounds = 3 }, TestContext.Current.CancellationToken);
        Assert.Equal("work", results[0].Stage);
        Assert.Equal(0.2, results[0].Change, 0.005);
        Assert.Equal(results[0].Change, results[0].SimulatedChange, 1e-6);
        Assert.InRange(results[0].MostSaved, 0.97, 1);
        Assert.All(results.Skip(1), r => Assert.InRange(r.Change, 0, 0.002));
        Assert.All(results.Skip(1), r => Assert.InRange(r.MostSaved, 0, 0.01));
    }

    [Theory]
    [InlineData(1, "[unknown, unknown]", "cannot tell from so few rounds")]
    [InlineData(2, "[-31.9, +73.9]", "cannot tell from so few rounds")]
    public async Task MeasureAsync_FewRounds_ClaimsNoMoreThanTheyTell(int rounds, string interval, string meaning)
    {
        // The stage costs 16.84 % in one round and 25.16 % in the next, which are 21.0 +- 12.706 times 4.16 % by Student's t.
        int run = 0;
        SlowDownProfiler profiler = new((slow, _) =>
        {
            RunReport report = Report(null);
            return Task.FromResult(slow is null ? report : report with { Elapsed = report.Elapsed * (run++ % 2 == 0 ? 1.1684 : 1.2516) });
        });
        SlowDownResult result = Assert.Single(
            await profiler.MeasureAsync(
                new SlowDownOptions { Rounds = rounds, WarmUps = 0, Stages = ["work"] }, TestContext.Current.CancellationToken));
        Assert.Contains(interval, result.Sentence);
        Assert.Contains(meaning, result.Sentence);
        Assert.Equal(1, result.MostSaved);
    }

    [Fact]
    public void Sentence_SlowerStageThatMadeTheRunFaster_BlamesTheMachine() =>
        Assert.Contains(
            "the machine changed", new SlowDownResult("work", 0.2, -0.1, new ConfidenceInterval(-0.15, -0.05, 0.95), 0.03).Sentence);

    [Fact]
    public async Task MeasureAsync_RunsWithSlowDowns_AreOneOfEachPerRoundInRandomOrder()
    {
        List<string> ran = [];
        SlowDownProfiler profiler = new((slow, _) =>
        {
            ran.Add(slow?.Stage ?? "");
            return Task.FromResult(Report(slow));
        });
        await profiler.MeasureAsync(new SlowDownOptions { Rounds = 4, WarmUps = 2 }, TestContext.Current.CancellationToken);
        Assert.Equal(["", "", ""], ran.Take(3)); // two warm-ups and the first run as it is, which tells the stages
        Assert.Equal(2 + (4 * 4), ran.Count);
        Assert.All(["deal", "work", "collect"], stage => Assert.Equal(4, ran.Count(r => r == stage)));
    }

    [Fact]
    public async Task RunAsync_SlowedStage_IsBusyLongerByTheShareAndGivesTheSameResults()
    {
        RunReport plain =
            await Spin().RunAsync(Enumerable.Range(0, 200), new RunOptions { Workers = 1 }, TestContext.Current.CancellationToken).OrHang();
        List<int> results = [];
        RunReport slow = await Spin().RunAsync(
            Enumerable.Range(0, 200),
            (x, _) =>
            {
                results.Add(x);
                return ValueTask.CompletedTask;
            },
            new RunOptions { Workers = 1, SlowDown = new StageSlowDown("b", 3) },
            TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(Enumerable.Range(0, 200), results);

        // Within one run the stages do the same work, and a pause of the machine falls into few items: the median does not see it.
        Assert.True(Median(slow.Stages[1]) > 2 * Median(slow.Stages[0]), $"{Median(slow.Stages[1])} s against {Median(slow.Stages[0])} s");
        Assert.True(
            Median(plain.Stages[1]) < 2 * Median(plain.Stages[0]), $"{Median(plain.Stages[1])} s against {Median(plain.Stages[0])} s");
    }

    [Theory]
    [InlineData("nowhere", 0.2, "no stage of 'spin'")]
    [InlineData("a", 0, "0.01 to 10")]
    [InlineData("a", double.NaN, "0.01 to 10")]
    public async Task RunAsync_SlowDownThatCannotBe_IsRefused(string stage, double share, string reason)
    {
        ArgumentException error = await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Spin().RunAsync(
                [1], new RunOptions { SlowDown = new StageSlowDown(stage, share) }, TestContext.Current.CancellationToken));
        Assert.Contains(reason, error.Message);
    }

    private static StagedPipeline<int, int> Spin() => PipelineBuilder.Start<int>("spin").Stage("a", Work).Stage("b", Work).Build();

    private static double Median(StageReport stage) => stage.ItemSeconds.Order().ElementAt(stage.ItemSeconds.Count / 2);

    private static int Work(int x)
    {
        Thread.SpinWait(20_000);
        return x;
    }

    private static RunReport Report(StageSlowDown? slow) =>
        SimulatedReport.Of(
            slow is null ? s_planted : s_planted.WithStage(slow.Stage, s => s with { Times = s.Times.Scaled(1 + slow.Share) }));

    private static StageModel Stage(string name, int workers, double seconds) =>
        new(name, workers, StageTimes.Constant(seconds)) { FollowsRunWorkers = false };
}
