namespace Pipeline.Profiling.Tests;

/// <summary>Every published fit, to the digits in print.</summary>
public sealed class PublishedFitsTests
{
    [Fact]
    public void Fit_Specsdm91_HasThePrintedDigits()
    {
        UslFit fit = UslEstimator.Fit(PublishedData.Single("specsdm91.csv").Samples);
        Printed(0.02773, fit.Alpha, 4);
        Printed(0.0001044, fit.Beta, 4);
        Printed(90.00, fit.Gamma, 4);
        Assert.NotNull(fit.StandardErrors);
        Printed(0.009122, fit.StandardErrors.Alpha, 4);
        Printed(0.00001988, fit.StandardErrors.Beta, 4);
        Printed(14.21, fit.StandardErrors.Gamma, 4);
        Printed(82.85, fit.ResidualStandardError, 4);
        Printed(96.51956, fit.PeakWorkers, 7);
        Printed(3245.589, fit.ContentionLimit, 7);
        Assert.Equal(4, fit.DegreesOfFreedom);
    }

    [Fact]
    public void Fit_RaytracerRows1To6_HasThePrintedDigitsAndTheIntervalsOfRWhichAreTooNarrow()
    {
        ScalingSeries rows = PublishedData.Single("raytracer.csv").UpTo(20);
        UslFit fit = UslEstimator.Fit(rows.Samples);
        Printed(0.02444, fit.Alpha, 4);
        Printed(0.00163, fit.Beta, 3);
        Printed(20.85605, fit.Gamma, 7);
        Assert.NotNull(fit.StandardErrors);
        ConfidenceInterval alpha = fit.IntervalAsPrintedByR(fit.Alpha, fit.StandardErrors.Alpha);
        Printed(0.00754, alpha.Low, 3);
        Printed(0.04135, alpha.High, 4);
        ConfidenceInterval beta = fit.IntervalAsPrintedByR(fit.Beta, fit.StandardErrors.Beta);
        Printed(0.00110, beta.Low, 3);
        Printed(0.00215, beta.High, 3);
        ConfidenceInterval gamma = fit.IntervalAsPrintedByR(fit.Gamma, fit.StandardErrors.Gamma);
        Printed(19.267, gamma.Low, 5);
        Printed(22.445, gamma.High, 5);

        // Two-sided with three degrees of freedom it is 3.1824 standard errors, and contention is not shown to differ from 0.
        ConfidenceInterval right = fit.IntervalOf(fit.Alpha, fit.StandardErrors.Alpha);
        Assert.Equal(3.182446, (right.High - fit.Alpha) / fit.StandardErrors.Alpha, 1e-5);
        Assert.True(right.Low < 0);
    }

    [Fact]
    public void Fit_WholeRaytracer_HasNoCoherencyAndALimit()
    {
        UslFit fit = UslEstimator.Fit(PublishedData.Single("raytracer.csv").Samples);
        Printed(0.0577708, fit.Alpha, 6);
        Assert.Equal(0, fit.Beta);
        Printed(21.84884, fit.Gamma, 7);
        Printed(378.2, fit.PeakThroughput, 4);
        Assert.Equal(double.PositiveInfinity, fit.PeakWorkers);
    }

    [Fact]
    public void Fit_Cisco_IsWithinThePrintedTolerance()
    {
        UslFit fit = UslEstimator.Fit(PublishedData.Single("cisco.csv").Samples);
        Assert.Equal(1, fit.Alpha / 0.02671591, 2e-4);
        Assert.Equal(1, fit.Beta / 7.690945e-4, 2e-4);
        Assert.Equal(1, fit.Gamma / 995.6486, 2e-4);
        Assert.Equal(35, Math.Floor(fit.PeakWorkers));
        Assert.Equal(35, fit.PeakWholeWorkers);
        Assert.Equal(12341, Math.Floor(fit.ThroughputAt(35))); // the book cuts both to whole numbers
    }

    [Fact]
    public void WorkersFor_Cisco_IsTheTrueInverseThatThreePortsGetWrong()
    {
        UslFit fit = UslEstimator.Fit(PublishedData.Single("cisco.csv").Samples);
        Assert.Equal(19.9239, fit.WorkersFor(11048)!.Value, 0.0005);
        Assert.Equal(29.5690, fit.WorkersFor(12201)!.Value, 0.0005);
        Assert.Null(fit.WorkersFor(12400));
    }

    [Fact]
    public void Fit_Pods_HasThePrintedDigitsAndThePeakNotAnOptimumPastIt()
    {
        UslFit fit = UslEstimator.Fit(PublishedData.Single("usl_issue7_pods.csv").Samples);
        Printed(0.012318, fit.Alpha, 5);
        Printed(0.003549, fit.Beta, 4);
        Printed(61.372822, fit.Gamma, 8);
        Assert.NotNull(fit.StandardErrors);
        Printed(0.030875, fit.StandardErrors.Alpha, 5);
        Printed(0.001327, fit.StandardErrors.Beta, 4);
        Printed(6.680004, fit.StandardErrors.Gamma, 7);
        Printed(16.39, fit.ResidualStandardError, 4);
        Printed(16.68, fit.PeakWorkers, 4);
        Printed(482.6, fit.PeakThroughput, 4);
    }

    [Fact]
    public void Fit_PlantedCoefficients_AreRecovered()
    {
        UslFit fit = UslEstimator.Fit(PublishedData.Single("usl_planted_coef.csv").Samples);
        Printed(0.02, fit.Alpha, 3);
        Printed(0.02, fit.Beta, 3);
        Printed(1.00, fit.Gamma, 3);
    }

    [Fact]
    public void Analyze_GustafsonsScaledSpeedUps_RefusesAmdahlAndGivesTheSerialShares()
    {
        IReadOnlyList<ScalingSeries> series = PublishedData.Read("gustafson1988.csv");
        Assert.Equal(3, series.Count);
        double[] shares = [.. series.Select(s =>
        {
            ScalingAnalysis analysis = ScalingAnalyzer.Analyze(s);
            Assert.Null(analysis.Amdahl);
            Assert.Contains("grew with the workers", analysis.Refusal);
            Assert.All(analysis.Predictions, p => Assert.Null(p.SpeedUp));
            return Assert.Single(analysis.Gustafson).SerialShare;
        })];
        Printed(0.002933, shares[0], 4);
        Printed(0.003910, shares[1], 4);
        Printed(0.007820, shares[2], 4);
    }

    [Fact]
    public void Analyze_RaytracerUpTo20_AmdahlBeatsTheLawThatPredictsAFalsePeak()
    {
        ScalingAnalysis analysis = ScalingAnalyzer.Analyze(
            PublishedData.Single("raytracer.csv"), new ScalingAnalysisOptions { FitUpTo = 20, Predict = [64] });
        Assert.Equal("amdahl", analysis.Model);
        PredictionScore last = analysis.Scores[^1];
        Assert.Equal(64, last.Prediction.Workers);
        Assert.InRange(last.RelativeError!.Value, -0.10, 0.10);
        Assert.True(last.InBand);
    }

    [Fact]
    public void Analyze_CiscoUpTo8_HoldsTheTruthInTheBandOrIsScoredAMiss()
    {
        ScalingAnalysis analysis = ScalingAnalyzer.Analyze(PublishedData.Single("cisco.csv"), new ScalingAnalysisOptions { FitUpTo = 8 });
        Assert.Equal(24, analysis.Scores.Count);
        Assert.All(analysis.Scores, s => Assert.NotNull(s.RelativeError));
        Assert.True(analysis.Scores.Count(s => s.InBand == true) >= 0.85 * analysis.Scores.Count);
    }

    /// <summary>Equal when rounded to the printed significant digits, half a unit of the last digit at most.</summary>
    private static void Printed(double printed, double actual, int digits)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(printed))) - digits + 1);
        Assert.True(Math.Abs(printed - actual) <= 0.5001 * unit, $"{actual:R} does not print as {printed:R} in {digits} digits");
    }
}
