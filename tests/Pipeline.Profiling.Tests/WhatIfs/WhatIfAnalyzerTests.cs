namespace Pipeline.Profiling.Tests;

public sealed class WhatIfAnalyzerTests
{
    private static readonly PipelineModel s_model = new(
        [Stage("parse", 1, 0.2), Stage("score", 4, 4.0), Stage("write", 1, 0.5)], 400);

    [Fact]
    public void Try_BottleneckTwiceAsFast_NamesTheNextOne()
    {
        WhatIfResult result = WhatIfAnalyzer.Try(s_model, new WhatIf(WhatIfKind.FasterStage, "score", 4));
        Assert.Equal(["write"], result.NextBottleneck);
        Assert.Equal(1.0, result.Gain, 0.05);
    }

    [Fact]
    public void Try_FreeStageThatIsNoBottleneck_GivesNothing()
    {
        WhatIfResult result = WhatIfAnalyzer.Try(s_model, new WhatIf(WhatIfKind.FreeStage, "write", 1));
        Assert.Equal(["score"], result.NextBottleneck);
        Assert.InRange(result.Gain, 0, 0.01);
    }

    [Fact]
    public void Try_OneMoreWorker_SaysHowManyHelpBeforeTheNextStageBinds()
    {
        WhatIfResult result = WhatIfAnalyzer.Try(s_model, new WhatIf(WhatIfKind.MoreWorkers, "score", 1));
        Assert.Equal(0.25, result.Gain, 0.02);
        Assert.Equal(4, result.BindsAfter);
        Assert.Equal(0, WhatIfAnalyzer.Try(s_model, new WhatIf(WhatIfKind.MoreWorkers, "write", 1)).BindsAfter);
    }

    [Fact]
    public void Try_ProcessorsBind_AMoreWorkersChangeGivesNothingAndAMachineDoes()
    {
        PipelineModel two = new(
            [Stage("a", 2, 1) with { FollowsRunWorkers = true }, Stage("b", 2, 1) with { FollowsRunWorkers = true }], 200)
        {
            Workers = 2,
            Cores = 2
        };
        Assert.Equal(["processors"], two.Bottleneck().Names);
        Assert.InRange(WhatIfAnalyzer.Try(two, new WhatIf(WhatIfKind.MoreWorkers, "a", 1)).Gain, -0.01, 0.02);
        Assert.Equal(3, WhatIfAnalyzer.Try(two, new WhatIf(WhatIfKind.Machine, null, 8)).Gain, 0.15);
    }

    [Fact]
    public void Try_MachineWithALimitOfItemsThatFollowsTheWorkers_IsNotHeldBackByTheOldLimit()
    {
        PipelineModel fixedLimit = new([Stage("a", 2, 1) with { FollowsRunWorkers = true }], 2000) { Workers = 2, MaxItemsInFlight = 3 };
        PipelineModel follows = fixedLimit with { MaxItemsInFlightFor = workers => workers + 1 };
        WhatIf machine = new(WhatIfKind.Machine, null, 32);
        Assert.Equal(0.5, WhatIfAnalyzer.Try(fixedLimit, machine).Gain, 0.01);
        Assert.Equal(15, WhatIfAnalyzer.Try(follows, machine).Gain, 0.2);
    }

    [Fact]
    public void Try_MachineForFewItems_SaysThatTheyAreTooFew()
    {
        PipelineModel few = new(
            [Stage("a", 2, 1) with { FollowsRunWorkers = true }, Stage("b", 2, 1) with { FollowsRunWorkers = true }], 24)
        { Workers = 2 };
        Assert.Equal(["too few items"], WhatIfAnalyzer.Try(few, new WhatIf(WhatIfKind.Machine, null, 32)).NextBottleneck);
        Assert.Equal(["processors"], WhatIfAnalyzer.Try(few, new WhatIf(WhatIfKind.FasterStage, "a", 2)).NextBottleneck);
    }

    [Fact]
    public void Bottleneck_OneStageFillsTheProcessors_IsNamedItself()
    {
        PipelineModel model = new([Stage("decode", 2, 1), Stage("store", 2, 0.02)], 10) { Workers = 2 };
        Assert.Equal(["decode"], model.Bottleneck().Names);
    }

    [Fact]
    public void Bottleneck_EqualStages_AreATie()
    {
        PipelineModel model = new([Stage("a", 2, 1), Stage("b", 1, 0.49), Stage("c", 1, 0.1)], 10);
        Assert.Equal(["a", "b"], model.Bottleneck().Names);
        Assert.True(model.Bottleneck().IsTie);
    }

    [Fact]
    public void TryUsual_LongerQueue_HelpsOnlyWhereTimesVary()
    {
        PipelineModel steady = new([Stage("a", 1, 1) with { Capacity = 1 }, Stage("b", 1, 1) with { Capacity = 1 }], 2000);
        PipelineModel varying = new([Exponential("a"), Exponential("b")], 20_000);
        Assert.Equal(0, WhatIfAnalyzer.Try(steady, new WhatIf(WhatIfKind.LongerQueue, "b", 4)).Gain, 1e-9);
        Assert.Equal((6.0 / 7 / 0.75) - 1, WhatIfAnalyzer.Try(varying, new WhatIf(WhatIfKind.LongerQueue, "b", 4)).Gain, 0.02);
    }

    [Fact]
    public void TryUsual_HopTime_IsDividedByBatches()
    {
        PipelineModel model = new([Stage("tiny", 1, 0.001) with { HopSeconds = 0.001 }], 100);
        WhatIfResult batches = Assert.Single(WhatIfAnalyzer.TryUsual(model), r => r.Change.Kind == WhatIfKind.Batches);
        Assert.Equal((0.002 / (0.001 + (0.001 / 16))) - 1, batches.Gain, 1e-6);
    }

    [Fact]
    public void ErrorAgainst_ObservedRuns_IsPredictedLessObservedGain()
    {
        WhatIfResult result = new(new WhatIf(WhatIfKind.FreeStage, "a", 1), 10, 8, ["b"], null);
        Assert.Equal(0.25 - 0.20, result.ErrorAgainst(12, 10), 1e-12);
    }

    private static StageModel Stage(string name, int workers, double seconds) =>
        new(name, workers, StageTimes.Constant(seconds)) { FollowsRunWorkers = false };

    private static StageModel Exponential(string name) => new(name, 1, StageTimes.Exponential(1)) { Capacity = 1 };
}
