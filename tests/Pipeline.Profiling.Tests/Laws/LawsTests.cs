namespace Pipeline.Profiling.Tests;

public sealed class LawsTests
{
    [Fact]
    public void Of_DistributorAndCollector_AddsThemWithoutOverlapAndComparesThemInAPipeline()
    {
        PipelineLimits limits = PipelineLimits.Of([1, 3], 36);
        Assert.Equal(10, limits.NoOverlap);
        Assert.Equal(40.0 / 3, limits.Pipeline, 1e-12);
        Assert.Equal(double.PositiveInfinity, PipelineLimits.Of([], 5).NoOverlap);
        Assert.Equal(new PipelineLimits(8, 10), PipelineLimits.Of([1, 3], 36, stoppedSecondsPerItem: 1));
        Assert.Equal(new PipelineLimits(50, 50), PipelineLimits.Of([], 5, stoppedSecondsPerItem: 0.1));
    }

    [Fact]
    public void Bottleneck_TwoStagesWithinTheMargin_AreATie()
    {
        PipelineBottleneck bottleneck =
            new PipelineModel([Stage("decode", 4, 0.40), Stage("resize", 2, 0.195), Stage("store", 1, 0.05)], 100).Bottleneck();
        Assert.Equal(["decode", "resize"], bottleneck.Names);
        Assert.Equal("resize", bottleneck.Next);
        Assert.Equal(0.1, bottleneck.Pace, 1e-12);
        PipelineModel apart = new([Stage("decode", 4, 0.40), Stage("resize", 2, 0.188)], 100);
        Assert.Equal(["decode"], apart.Bottleneck().Names);
    }

    [Fact]
    public void Bottleneck_FewProcessorsForAllStages_ProcessorsBind()
    {
        PipelineBottleneck bottleneck =
            (new PipelineModel([Stage("a", 4, 0.2), Stage("b", 4, 0.2)], 100) with { Workers = 2 }).Bottleneck();
        Assert.Equal(["processors"], bottleneck.Names);
        Assert.Equal(0.2, bottleneck.Pace, 1e-12);
    }

    [Theory]
    [InlineData(1021, 0.002933)]
    [InlineData(1016, 0.007820)]
    public void SerialShareOfParallelRun_Gustafson1988_IsThePublishedShareAndInvertsBack(double speedUp, double share)
    {
        double found = GustafsonLaw.SerialShareOfParallelRun(speedUp, 1024);
        Assert.Equal(share, found, 5e-7);
        Assert.Equal(speedUp, GustafsonLaw.ScaledSpeedUp(found, 1024), 1e-9);
    }

    [Fact]
    public void Bounds_WorkAndSpan_HoldEachOther()
    {
        WorkSpan bounds = new(100, 5);
        Assert.Equal(20, bounds.Parallelism);
        Assert.Equal(100, bounds.LeastSeconds(1));
        Assert.Equal(100, bounds.MostSeconds(1));
        Assert.Equal(5, bounds.LeastSeconds(64));
        Assert.Equal((100.0 / 8) + (5 * 7.0 / 8), bounds.MostSeconds(8));
    }

    [Theory]
    [InlineData(0.95, 1, 12.7062)]
    [InlineData(0.95, 4, 2.7764)]
    [InlineData(0.99, 10, 3.1693)]
    [InlineData(0.90, 30, 1.6973)]
    public void IntervalOf_TabulatedQuantiles_CutsBothTails(double level, int degreesOfFreedom, double factor)
    {
        // Student's t from the tables; a one-sided quantile would give 6.3138, 2.1318, 2.7638 and 1.3104.
        UslFit fit = new(
            )
        {
            Alpha = 0.1,
            Beta = 0.001,
            Gamma = 1,
            StandardErrors = null,
            ResidualStandardError = 0,
            DegreesOfFreedom = degreesOfFreedom,
            Weighting = UslWeighting.Absolute,
            Aicc = 0
        };
        ConfidenceInterval interval = fit.IntervalOf(10, 1, level);
        Assert.Equal(10 - factor, interval.Low, 5e-5);
        Assert.Equal(10 + factor, interval.High, 5e-5);
    }

    private static StageModel Stage(string name, int workers, double seconds) => new(name, workers, StageTimes.Constant(seconds));
}
