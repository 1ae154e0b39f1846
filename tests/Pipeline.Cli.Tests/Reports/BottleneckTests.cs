using Pipeline.Cli.Tests.Support;
using Pipeline.Core;

namespace Pipeline.Cli.Tests.Reports;

public sealed class BottleneckTests
{
    private static RunReport Report(double decode, double encode) =>
        SampleResult.Report(10, SampleResult.Stage("decode", decode), SampleResult.Stage("encode", encode));

    [Fact]
    public void Of_BusyWorkers_NamesTheStageWithTheMostWork()
    {
        Bottleneck bottleneck = Bottleneck.Of(Report(decode: 15, encode: 5), workers: 2);
        Assert.Equal("decode", bottleneck.Stage);
        Assert.Contains("'decode' took 75 % of the working time", bottleneck.Sentence, StringComparison.Ordinal);
        Assert.Contains("busy 100 % of the run: a faster decode", bottleneck.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_IdleWorkersAndAFullBudget_NamesMemory()
    {
        RunReport report = Report(decode: 8, encode: 2) with { PeakInFlightBytes = 2L << 30 };
        Assert.Contains("memory budget of 2 GiB", Bottleneck.Of(report, workers: 2).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FewerPhotosThanKeepTheWorkersBusy_SaysSo()
    {
        RunReport report = Report(decode: 6, encode: 2) with { ItemsIn = 1 };
        Assert.Contains("one photo is too few", Bottleneck.Of(report, workers: 2).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_IdleWorkersOtherwise_SaysThatTheyWaited() =>
        Assert.Contains("busy 50 % of the run: photos waited", Bottleneck.Of(Report(decode: 8, encode: 2), workers: 2).Sentence, StringComparison.Ordinal);

    [Fact]
    public void Of_NoWork_SaysNothingAboutStages() => Assert.Null(Bottleneck.Of(SampleResult.Report(0), workers: 2).Stage);
}
