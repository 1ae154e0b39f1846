using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Reports;

public sealed class SummaryTests
{
    private static async Task<string> WriteAsync(JobResult result)
    {
        using StringWriter writer = new();
        await Summary.WriteAsync(result, Task.FromResult(result), writer, isTerminal: false);
        return writer.ToString();
    }

    [Fact]
    public async Task Write_Run_TellsCountsFailuresTimesAndBottleneck()
    {
        string text = await WriteAsync(SampleResult.Job());
        Assert.Contains("Finished with failures: 9 photos, 2 outputs", text, StringComparison.Ordinal);
        Assert.Contains("in/<bad>.nef: It is cut off. (in decode)", text, StringComparison.Ordinal);
        Assert.Contains("Passed over 1 file that is no picture by content: in/notes.txt.", text, StringComparison.Ordinal);
        Assert.Contains("1 photo is narrower than a requested width", text, StringComparison.Ordinal);
        Assert.Contains("15.00 s", text, StringComparison.Ordinal);
        Assert.Contains("Bottleneck: 'decode' limits the run", text, StringComparison.Ordinal);
        Assert.Contains(
            "Peak memory: 1 GiB of the process; photos in flight: 700 MiB of a budget of 2 GiB.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_NotATerminal_HasNoEscapeSequences() => Assert.DoesNotContain('\u001b', await WriteAsync(SampleResult.Job()));

    [Fact]
    public async Task Write_PhotosLargerThanTheBudget_SaysThatTheyRanAlone()
    {
        JobResult result = SampleResult.Job();
        string text = await WriteAsync(result with { Report = result.Report with { ItemsOverBudget = 3 } });
        Assert.Contains(
            "3 photos needed more than the memory budget of 2 GiB and ran alone, one at a time.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1, 0, 0, null, true, true)]
    [InlineData(1, 1, 0.8, 0, "logo.png", false, false)]
    [InlineData(1, 0, 0, 0.5, null, false, false)]
    [InlineData(0, 0, 0, 0, null, false, false)]
    public async Task Write_LicensesOfAStepThatTheJobHasNot_SaysThatTheyHadNoEffect(
        int filterLicenses, int watermarkLicenses, double blur, double sharpen, string? watermark, bool tellsFilter, bool tellsWatermark)
    {
        JobResult job = SampleResult.Job();
        SharingSettings sharing = new() { FilterLicenses = filterLicenses, WatermarkLicenses = watermarkLicenses };
        string text = await WriteAsync(job with
        {
            Settings = job.Settings with
            {
                Recipe = new PhotoRecipe
                {
                    Blur = blur,
                    Sharpen = sharpen,
                    Watermark = watermark
                },
                Sharing = sharing
            }
        });
        Assert.Equal(tellsFilter, text.Contains("--filter-licenses had no effect", StringComparison.Ordinal));
        Assert.Equal(tellsWatermark, text.Contains("--watermark-licenses had no effect", StringComparison.Ordinal));
    }
}
