using Pipeline.Cli.Tests.Support;
using Pipeline.Sync;

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

    private string[] OneLicense => ["--filter-licenses", "1", "--license-dir", _temp["licenses"]];

    [Fact]
    public async Task Process_KilledSeveralTimesAndResumed_EndsWithTheSameOutputsAsAnUninterruptedRun()
    {
        await CliRun.RunAsync(Arguments("whole"));
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        int outputs = 0;
        for (int kill = 0; kill < 3; kill++)
        {
            outputs += random.Next(1, 9);
            using ToolProcess tool = ToolProcess.Start(Arguments("out", "--resume"));
            await FolderChange.OutputsAsync(_temp["out"], outputs);
            tool.Kill();
            await tool.EndAsync();
        }

        int whole = SamplePhotos.Hashes(_temp["out"]).Count / 3;
        CliResult last = await ToolProcess.RunAsync(Arguments("out", "--resume"));

        Assert.Equal(ExitCodes.AllDone, last.ExitCode);
        Assert.Equal(10, last.Json.GetProperty("items")
            .GetProperty("completed")
            .GetInt64() + last.Json
            .GetProperty("items")
            .GetProperty("resumed")
            .GetInt64());
        // A photo counts as finished from its record on, which follows its last output: each kill costs at most what was under way.
        Assert.InRange(last.Json.GetProperty("items").GetProperty("resumed").GetInt64(), Math.Max(0, whole - 6), 10);
        Assert.Equal(SamplePhotos.Hashes(_temp["whole"]), SamplePhotos.Hashes(_temp["out"]));
        Assert.DoesNotContain(_temp.Listing("out"), name => name.Contains("tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Process_Terminated_FinishesWhatIsUnderWayAndExitsWith130()
    {
        // While the test holds the only license, no photo can get through before the signal.
        using CrossProcessSemaphore filter = CrossProcessSemaphore.Open(_temp["licenses"], "filter", 1);
        PermitLease lease = await filter.AcquireAsync(1, "test", TestContext.Current.CancellationToken);
        using ToolProcess tool = ToolProcess.Start(Arguments("out", ["--workers", "1", .. OneLicense]));
        await FolderChange.AppearsAsync(filter.Directory, "w000");
        await tool.SignalAsync("TERM");
        await tool.LineAsync("Interrupted");
        await lease.DisposeAsync();
        CliResult result = await tool.EndAsync();

        Assert.Equal(ExitCodes.Interrupted, result.ExitCode);
        Assert.Contains("finishing the photos under way", result.Error, StringComparison.Ordinal);
        long completed = result.Json.GetProperty("items").GetProperty("completed").GetInt64();
        Assert.InRange(completed, 1, 9);
        Assert.Equal(completed * 3, SamplePhotos.Hashes(_temp["out"]).Count);
    }

    [Fact]
    public async Task Process_TerminatedTwice_StopsAtOnceAndExitsWith130()
    {
        // The test never gives the only license back, so photos are under way whenever the second signal comes.
        using CrossProcessSemaphore filter = CrossProcessSemaphore.Open(_temp["licenses"], "filter", 1);
        await using PermitLease lease = await filter.AcquireAsync(1, "test", TestContext.Current.CancellationToken);
        using ToolProcess tool = ToolProcess.Start(Arguments("out", OneLicense));
        await FolderChange.AppearsAsync(filter.Directory, "w000");
        // Not SIGINT: what a shell starts in the background ignores it.
        await tool.SignalAsync("TERM");
        await tool.LineAsync("Interrupted");
        await tool.SignalAsync("TERM");
        CliResult result = await tool.EndAsync();

        Assert.Equal(ExitCodes.Interrupted, result.ExitCode);
        Assert.Contains("Stopping at once", result.Error, StringComparison.Ordinal);
        Assert.Equal([".pipeline-manifest"], _temp.Listing("out"));
    }
}
