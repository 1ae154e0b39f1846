using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Commands;

public sealed class KillTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public KillTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent with the kill command.");
        SamplePhotos.RawFolder(_temp["in"], 10);
    }

    public void Dispose() => _temp.Dispose();

    private string[] Arguments(string folder, params string[] options) =>
        ["process", _temp["in"], "--out", _temp[folder], "--sizes", "640,256,64", "--sharpen", "0.5", "--json", "-", .. options];

    [Fact]
    public async Task Process_KilledSeveralTimesAndResumed_EndsWithTheSameOutputsAsAnUninterruptedRun()
    {
        await CliRun.RunAsync(Arguments("whole"));
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int outputs = 0;
        for (int kill = 0; kill < 3; kill++)
        {
            outputs += random.Next(1, 9);
            using ToolProcess tool = ToolProcess.Start(Arguments("out", "--resume"));
            await FileCount.ReachesAsync(_temp["out"], outputs);
            tool.Kill();
            await tool.EndAsync();
        }

        int whole = SamplePhotos.Hashes(_temp["out"]).Count / 3;
        CliResult last = await ToolProcess.RunAsync(Arguments("out", "--resume"));

        Assert.Equal(ExitCodes.AllDone, last.ExitCode);
        Assert.Equal(10, last.Json.GetProperty("items").GetProperty("completed").GetInt64() + last.Json.GetProperty("items").GetProperty("resumed").GetInt64());
        // A photo counts as finished from its record on, which follows its last output: each kill costs at most what was under way.
        Assert.InRange(last.Json.GetProperty("items").GetProperty("resumed").GetInt64(), Math.Max(0, whole - 6), 10);
        Assert.Equal(SamplePhotos.Hashes(_temp["whole"]), SamplePhotos.Hashes(_temp["out"]));
        Assert.DoesNotContain(_temp.Listing("out"), name => name.Contains("tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Process_Terminated_FinishesWhatIsUnderWayAndExitsWith130()
    {
        using ToolProcess tool = ToolProcess.Start(Arguments("out", "--workers", "1"));
        await FileCount.ReachesAsync(_temp["out"], 1);
        await tool.SignalAsync("TERM");
        CliResult result = await tool.EndAsync();

        Assert.Equal(ExitCodes.Interrupted, result.ExitCode);
        Assert.Contains("finishing the photos under way", result.Error, StringComparison.Ordinal);
        Assert.Equal(
            result.Json.GetProperty("items").GetProperty("completed").GetInt64() * 3,
            SamplePhotos.Hashes(_temp["out"]).Count);
    }

    [Fact]
    public async Task Process_InterruptedTwice_StopsAtOnceAndExitsWith130()
    {
        // Large photos and a wide blur take long enough that the second signal meets photos under way.
        SamplePhotos.Raw(_temp["in/large_1.dng"], 1, 4800, 3200);
        SamplePhotos.Raw(_temp["in/large_2.dng"], 2, 4800, 3200);
        using ToolProcess tool = ToolProcess.Start(
            ["process", _temp["in/large_1.dng"], _temp["in/large_2.dng"], "--out", _temp["out"], "--sizes", "3840,1920", "--blur", "50", "--json", "-"]);
        await tool.LineAsync("Processing");
        await tool.SignalAsync("INT");
        await tool.LineAsync("Interrupted");
        await tool.SignalAsync("INT");
        CliResult result = await tool.EndAsync();

        Assert.Equal(ExitCodes.Interrupted, result.ExitCode);
        Assert.Contains("Stopping at once", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_temp.Listing("out"), name => name.Contains("tmp", StringComparison.Ordinal));
    }
}
