using Pipeline.Core;

namespace Pipeline.Cli.Tests.Progress;

public sealed class LineProgressTests
{
    private static RunProgress At(double seconds) => new(
        1, TimeSpan.FromSeconds(seconds), 6, 4, 1, 0, 20, 2, TimeSpan.FromSeconds(75), 512L << 20,
        [new StageProgress("decode", 6, 1, 1, 0, TimeSpan.FromSeconds(3))]);

    [Fact]
    public void Report_ManySnapshots_WritesALineEveryFiveSeconds()
    {
        using StringWriter writer = new();
        LineProgress progress = new(writer);
        for (double seconds = 0; seconds <= 16; seconds += 0.2)
            progress.Report(At(seconds));
        Assert.Equal(3, writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Report_Snapshot_TellsCountRateTimeLeftAndStages()
    {
        using StringWriter writer = new();
        new LineProgress(writer).Report(At(6));
        Assert.Equal(
            "6.0 s: 4 of 20 photos done, 1 failed, 2.0/s, about 1 min 15 s left; decode 6; 512 MiB in flight",
            writer.ToString().TrimEnd());
    }

    [Fact]
    public void Report_WithALedger_TellsTheLiveCountOfAllRunsAtThatMoment()
    {
        using StringWriter writer = new();
        long live = 7;
        LineProgress progress = new(writer, () => live);
        progress.Report(At(6));
        live = 19;
        progress.Report(At(12));
        string[] lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("6.0 s: 4 of 20 photos done, 1 failed, 7 charged by all runs, 2.0/s", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("12 s: 4 of 20 photos done, 1 failed, 19 charged by all runs, 2.0/s", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(59.2, "59 s")]
    [InlineData(59.7, "1 min 0 s")]
    [InlineData(3700, "1 h 1 min")]
    public void Time_AnyLength_HasTwoUnitsAtMost(double seconds, string expected) =>
        Assert.Equal(expected, ProgressText.Time(TimeSpan.FromSeconds(seconds)));
}
