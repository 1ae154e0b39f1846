using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Pipeline.Profiling.Tests;

public sealed class ScalingAnalyzerTests
{
    private static readonly double[] s_sweep = [1, 2, 4, 8];

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(1.0)]
    public void Analyze_PlantedSerialFraction_IsRecoveredExactlyWithoutNoise(double planted)
    {
        ScalingAnalysis analysis = ScalingAnalyzer.Analyze(Planted(planted, s_sweep));
        Assert.NotNull(analysis.Amdahl);
        Assert.Equal(planted, analysis.Amdahl.SerialFraction, 1e-9);
        Assert.Equal(AmdahlLaw.SpeedUp(planted, 32), Assert.Single(analysis.Predictions).SpeedUp!.Value, 1e-6);
    }

    [Fact]
    public void Analyze_NoisyRepeats_IntervalHoldsThePlantedFractionInNineOfTenDraws()
    {
        int held = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            Random random = new(seed);
            ScalingSeries series = new(
                "noisy", ScalingMeasure.Seconds, s_sweep.SelectMany(
                    n => Enumerable.Range(0, 10).Select(_ => new ScalingSample(n, (0.05 + (0.95 / n)) * (1 + (0.02 * Gaussian(random)))))));
            if (ScalingAnalyzer.Analyze(series).Amdahl!.SerialFractionInterval.Contains(0.05))
                held++;
        }

        Assert.InRange(held, 51, 60);
    }

    [Theory]
    [InlineData(new double[] { 1 }, "1 worker count ")]
    [InlineData(new double[] { 1, 2 }, "2 worker counts ")]
    public void Analyze_TooFewWorkerCounts_CannotTellAndNamesTheRuns(double[] workers, string part)
    {
        ScalingAnalysis analysis = ScalingAnalyzer.Analyze(Planted(0.1, workers));
        Assert.Null(analysis.Amdahl);
        Assert.StartsWith("Cannot tell", analysis.Refusal);
        Assert.Contains(part, analysis.Refusal);
        Assert.Contains("1, 2, 4 and 8", analysis.Refusal);
    }

    [Fact]
    public void Analyze_BeyondSixTimesTheMeasured_RefusesAndNamesTheRunThatWouldTell()
    {
        ScalingAnalysis analysis = ScalingAnalyzer.Analyze(Planted(0.1, [1, 2, 4]), new ScalingAnalysisOptions { Predict = [24, 25] });
        Assert.NotNull(analysis.Predictions[0].SpeedUp);
        ScalingPrediction refused = analysis.Predictions[1];
        Assert.Null(refused.SpeedUp);
        Assert.Null(refused.Band);
        Assert.Equal("refused", refused.Method);
        Assert.Contains("with 5 workers", refused.Reason);
    }

    [Theory]
    [InlineData(16, 1.24)]
    [InlineData(24, 1.40)]
    [InlineData(32, 1.49)]
    [InlineData(48, 1.78)]
    public void Analyze_CleanPoints_BandIsAtLeastTheCalibratedFactor(double workers, double factor)
    {
        ScalingPrediction prediction = Assert.Single(
            ScalingAnalyzer.Analyze(Planted(0.05, s_sweep), new ScalingAnalysisOptions { Predict = [workers] }).Predictions);
        Assert.Equal(factor, prediction.Band!.Value.High / prediction.SpeedUp!.Value, 1e-6);
        Assert.Equal(factor, prediction.SpeedUp.Value / prediction.Band.Value.Low, 1e-6);
    }

    [Fact]
    public void Analyze_ItemsGrewWithTheWorkers_RefusesAmdahl()
    {
        ScalingSeries series = new("grown", ScalingMeasure.Seconds, s_sweep.Select(n => new ScalingSample(n, 10) { Items = 100 * n }));
        ScalingAnalysis analysis = ScalingAnalyzer.Analyze(series);
        Assert.Null(analysis.Amdahl);
        Assert.Contains("from 100 to 800", analysis.Refusal);
        Assert.All(analysis.Gustafson, g => Assert.Equal(0, g.SerialShare, 1e-12));
    }

    [Fact]
    public void Analyze_PlantedCoherency_ChoosesTheUniversalScalabilityLawAndItsPeak()
    {
        Random random = new(7);
        ScalingSeries series = new(
            "peaked", ScalingMeasure.Throughput, new double[] { 1, 2, 4, 6, 8, 12, 16, 24, 32 }.Select(
                n => new ScalingSample(n, (1 + (0.02 * (n - 1)) + (0.002 * n * (n - 1))) / n * (1 + (0.005 * Gaussian(random))))));
        ScalingAnalysis analysis = ScalingAnalyzer.Analyze(series);
        Assert.Equal("usl", analysis.Model);
        Assert.Equal(22.1, analysis.Usl!.PeakWorkers, 1.5);
        Assert.Contains("peaks at", analysis.Verdict);
    }

    [Fact]
    public void Analyze_RunsAbovePhysicalCores_AreHeldBackFromTheFit()
    {
        ScalingSeries kinked = new("smt", ScalingMeasure.Seconds, [.. Planted(0.05, [1, 2, 4, 8]).Samples, new ScalingSample(16, 1)]);
        ScalingAnalysis analysis = ScalingAnalyzer.Analyze(kinked, new ScalingAnalysisOptions { PhysicalCores = 8 });
        Assert.Equal(0.05, analysis.Amdahl!.SerialFraction, 1e-9);
        Assert.Contains(analysis.Checks, c => c.Name == "held-back" && c.Text.Contains("16"));
    }

    [Fact]
    public void Analyze_SlowerWithMoreWorkers_FailsTheRetrogradeCheck()
    {
        ScalingSeries series = new("retro", ScalingMeasure.Seconds, [new(1, 10), new(2, 6), new(4, 4), new(8, 7)]);
        Assert.Contains(ScalingAnalyzer.Analyze(series).Checks, c => c.Name == "retrograde" && !c.Passed);
    }

    [Fact]
    public void Estimate_OverheadThatGrows_KarpFlattRises()
    {
        double[] workers = [1, 2, 4, 8, 16];
        KarpFlatt rising = KarpFlattEstimator.Estimate(
            [.. workers.Select(n => new ScalingSample(n, 0.02 + (0.98 / n) + (0.01 * (n - 1) / 4)))], 1, 0.001);
        KarpFlatt flat = KarpFlattEstimator.Estimate(Planted(0.1, workers).Samples, 1, 0.001);
        Assert.True(rising.Rises);
        Assert.False(flat.Rises || flat.Falls);
        Assert.All(flat.Points, p => Assert.Equal(0.1, p.Value, 1e-9));
    }

    [Property]
    public FsCheck.Property Fit_OtherTimeUnit_GivesTheSameFraction() => Prop.ForAll(
        ArbMap.Default.ArbFor<FsCheck.PositiveInt>(), ArbMap.Default.ArbFor<FsCheck.PositiveInt>(), (seed, unit) =>
        {
            Random random = new(seed.Get);
            ScalingSample[] samples = [.. s_sweep.Select(n => new ScalingSample(n, (0.1 + (1 / n)) * (0.9 + (0.2 * random.NextDouble()))))];
            AmdahlFit one = AmdahlEstimator.Fit(samples);
            AmdahlFit other = AmdahlEstimator.Fit([.. samples.Select(s => s with { Seconds = s.Seconds * unit.Get })]);
            return Math.Abs(one.SerialFraction - other.SerialFraction) < 1e-9 && one.SerialFraction is >= 0 and <= 1
                && one.SpeedUpAt(8) <= 8 + 1e-9;
        });

    [Property]
    public FsCheck.Property WorkersFor_ThroughputOfAWorkerCount_GivesItBackBelowThePeak() => Prop.ForAll(
        ArbMap.Default.ArbFor<FsCheck.PositiveInt>(), seed =>
        {
            Random random = new(seed.Get);
            UslFit fit = new()
            {
                Alpha = random.NextDouble() * 0.3,
                Beta = random.Next(3) == 0 ? 0 : random.NextDouble() * 0.01,
                Gamma = 1 + (random.NextDouble() * 1000),
                StandardErrors = null,
                ResidualStandardError = 0,
                DegreesOfFreedom = 0,
                Weighting = UslWeighting.Absolute,
                Aicc = 0,
            };
            double workers = 1 + (random.NextDouble() * (Math.Min(fit.PeakWorkers, 500) - 1) * 0.99);
            return Math.Abs(fit.WorkersFor(fit.ThroughputAt(workers))!.Value - workers) < 1e-6 * workers;
        });

    private static ScalingSeries Planted(double serial, double[] workers) =>
        new("planted", ScalingMeasure.Seconds, workers.Select(n => new ScalingSample(n, serial + ((1 - serial) / n))));

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
