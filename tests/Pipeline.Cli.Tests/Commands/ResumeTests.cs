using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Commands;

public sealed class ResumeTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public ResumeTests()
    {
        SamplePhotos.RawFolder(_temp["in"], 12);
    }

    public void Dispose() => _temp.Dispose();

    private Task<CliResult> ProcessAsync(string folder, Action<string, Interrupts>? onErrorLine, params string[] options) =>
        CliRun.RunAsync(
            onErrorLine,
            ["process", _temp["in"], "--out", _temp[folder], "--sizes", "320,64", "--workers", "1", "--json", "-", .. options]);

    private static (long Completed, long Resumed) Items(CliResult result) =>
        (result.Json.GetProperty("items")
            .GetProperty("completed")
            .GetInt64(), result.Json
            .GetProperty("items")
            .GetProperty("resumed")
            .GetInt64());

    [Fact]
    public async Task Process_FirstSignal_FinishesWhatIsUnderWayAndResumeDoesTheRest()
    {
        await ProcessAsync("whole", null);
        CliResult interrupted = await ProcessAsync("out", (line, interrupts) =>
        {
            if (line.StartsWith("Processing", StringComparison.Ordinal))
                interrupts.Signal();
        });
        Assert.Equal(ExitCodes.Interrupted, interrupted.ExitCode);
        Assert.Contains("Press Ctrl+C again to stop at once", interrupted.Error, StringComparison.Ordinal);
        Assert.Contains("Run the same command with --resume", interrupted.Error, StringComparison.Ordinal);
        (long done, _) = Items(interrupted);
        Assert.InRange(done, 0, 11);

        CliResult resumed = await ProcessAsync("out", null, "--resume");

        Assert.Equal(ExitCodes.AllDone, resumed.ExitCode);
        Assert.Equal((12 - done, done), Items(resumed));
        Assert.Equal(SamplePhotos.Hashes(_temp["whole"]), SamplePhotos.Hashes(_temp["out"]));
    }

    [Fact]
    public async Task Process_SecondSignal_StopsAtOnce()
    {
        CliResult result = await ProcessAsync("out", (line, interrupts) =>
        {
            if (line.StartsWith("Processing", StringComparison.Ordinal) || line.StartsWith("Interrupted", StringComparison.Ordinal))
                interrupts.Signal();
        });
        Assert.Equal(ExitCodes.Interrupted, result.ExitCode);
        Assert.Contains("Stopping at once", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_temp.Listing("out"), name => name.Contains("tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Process_ResumeAfterAWholeRun_ProcessesNothing()
    {
        await ProcessAsync("out", null);
        CliResult again = await ProcessAsync("out", null, "--resume");
        Assert.Equal((0, 12), Items(again));
        Assert.Equal(ExitCodes.AllDone, again.ExitCode);
    }

    [Fact]
    public async Task Process_ResumeAfterAnOutputWasDeleted_ProcessesThatPhotoOnly()
    {
        await ProcessAsync("out", null);
        File.Delete(_temp["out/photo_05_64.jpg"]);
        CliResult again = await ProcessAsync("out", null, "--resume");
        Assert.Equal((1, 11), Items(again));
        Assert.True(File.Exists(_temp["out/photo_05_64.jpg"]));
    }

    [Fact]
    public async Task Process_ResumeWithOtherOptions_ProcessesAll()
    {
        await ProcessAsync("out", null);
        Assert.Equal((12, 0), Items(await ProcessAsync("out", null, "--resume", "--quality", "50")));
        // What does not change the bytes does not count.
        Assert.Equal(
            (0, 12), Items(await ProcessAsync("out", null, "--resume", "--quality", "50", "--memory", "1GiB", "--order", "input")));
    }

    [Fact]
    public async Task Process_ResumeAfterAPhotoChanged_ProcessesThatPhotoOnly()
    {
        await ProcessAsync("out", null);
        SamplePhotos.Raw(_temp["in/photo_03.dng"], seed: 99, width: 672);
        Assert.Equal((1, 11), Items(await ProcessAsync("out", null, "--resume")));
    }
}
