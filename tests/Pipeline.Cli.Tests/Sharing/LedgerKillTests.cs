using Pipeline.Cli.Tests.Support;

namespace Pipeline.Cli.Tests.Sharing;

/// <summary>Billing of jobs that are killed with SIGKILL: what is charged equals what is published.</summary>
public sealed class LedgerKillTests : IDisposable
{
    private const int Photos = 8;
    private readonly TempFolder _temp = new();

    public LedgerKillTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Processes are killed with SIGKILL.");
        SamplePhotos.RawFolder(_temp["in"], Photos);
    }

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("tasks", false)]
    [InlineData("tasks", true)]
    [InlineData("processes", false)]
    [InlineData("processes", true)]
    public async Task Process_KilledTwiceAndRunAThirdTime_ChargesEveryPublishedPhotoOnce(string executor, bool resume)
    {
        string[] job =
        [
            "process", _temp["in"], "--out", _temp["out"], "--sizes", "64", "--executor", executor, "--workers", "2",
            "--ledger", _temp["ledger"], "--json", "-", "--no-progress", .. resume ? new[] { "--resume" } : [],
        ];
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        int outputs = 0;
        for (int kill = 0; kill < 2; kill++)
        {
            outputs = random.Next(outputs + 2, (Photos / 2 * (kill + 1)) + 1);
            using ToolProcess tool = ToolProcess.Start(job);
            await FolderChange.OutputsAsync(_temp["out"], outputs);
            tool.Kill();
            await tool.EndAsync();
            // A charge follows its photo, so there may be fewer charges than photos after a kill, and never more.
            Assert.InRange(await TotalAsync(), 0, SamplePhotos.Hashes(_temp["out"]).Count);
        }

        CliResult last = await ToolProcess.RunAsync(job);

        Assert.True(last.ExitCode == ExitCodes.AllDone, last.Error);
        Assert.Equal(Photos, SamplePhotos.Hashes(_temp["out"]).Count);
        Assert.Equal(Photos, await TotalAsync());
        Assert.Equal(Photos, last.Json.GetProperty("billing").GetProperty("charged").GetInt64());
    }

    private async Task<long> TotalAsync()
    {
        CliResult verify = await CliRun.RunAsync("ledger", "verify", _temp["ledger"]);
        Assert.True(verify.ExitCode == ExitCodes.AllDone, verify.Out + verify.Error);
        CliResult total = await CliRun.RunAsync("ledger", "total", _temp["ledger"]);
        return long.Parse(total.Out.Trim(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
