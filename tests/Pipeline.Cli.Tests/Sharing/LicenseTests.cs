using System.Text.RegularExpressions;
using Pipeline.Cli.Tests.Support;
using Pipeline.Sync;

namespace Pipeline.Cli.Tests.Sharing;

/// <summary>One filter and one watermark license for four workers, which are tasks or processes.</summary>
public sealed partial class LicenseTests : IDisposable
{
    private static readonly Dictionary<string, string> s_oppositeOrder = new() { ["PIPELINE_TEST_OPPOSITE_LICENSE_ORDER"] = "1" };
    private readonly TempFolder _temp = new();

    public LicenseTests() => SamplePhotos.RawFolder(_temp["in"], 8);

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("tasks")]
    [InlineData("processes")]
    public async Task Process_OneLicenseOfEach_GivesTheOutputsOfAJobWithoutLicenses(string executor)
    {
        CliResult result = await ToolProcess.RunAsync(Job(executor, "out"));
        Assert.True(result.ExitCode == ExitCodes.AllDone, result.Error);
        string[] free = Job("tasks", "free")[..^6];
        Assert.DoesNotContain("--filter-licenses", free);
        CliResult without = await CliRun.RunAsync(free);
        Assert.True(without.ExitCode == ExitCodes.AllDone, without.Out + without.Error);
        Assert.Equal(SamplePhotos.Hashes(_temp["free"]), SamplePhotos.Hashes(_temp["out"]));
        CliResult shown = await CliRun.RunAsync("licenses", "show", _temp["licenses"]);
        Assert.Contains("filter: 0 of 1 held", shown.Out, StringComparison.Ordinal);
        Assert.Contains("watermark: 0 of 1 held", shown.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tasks")]
    [InlineData("processes")]
    public async Task Process_SomebodyElseHoldsTheOnlyLicense_PublishesNothingUntilItIsBack(string executor)
    {
        using CrossProcessSemaphore filter = CrossProcessSemaphore.Open(_temp["licenses"], "filter", 1);
        PermitLease lease = await filter.AcquireAsync(1, "maintenance", TestContext.Current.CancellationToken);
        using ToolProcess tool = ToolProcess.Start(Job(executor, "out"));
        // The waiter file of a semaphore is made by the first process that waits; this one never waits.
        await FileAppears.WhenAsync(filter.Directory, "w000");
        Assert.Empty(SamplePhotos.Hashes(_temp["out"]));
        await lease.DisposeAsync();
        CliResult result = await tool.EndAsync();
        Assert.True(result.ExitCode == ExitCodes.AllDone, result.Error);
        Assert.Equal(8, SamplePhotos.Hashes(_temp["out"]).Count);
    }

    [Theory]
    [InlineData("tasks")]
    [InlineData("processes")]
    public async Task Process_HalfOfTheWorkersAskInTheOppositeOrder_StopsAndNamesTheCircularWait(string executor)
    {
        using ToolProcess tool = ToolProcess.StartWith(s_oppositeOrder, Job(executor, "out"));
        CliResult result = await tool.EndAsync();

        Assert.Equal(ExitCodes.Stopped, result.ExitCode);
        Assert.Contains("Circular wait of 2 (deadlock):", result.Out, StringComparison.Ordinal);
        Assert.Contains("circular wait YES", result.Out, StringComparison.Ordinal);
        MatchCollection members = Member().Matches(result.Out);
        Assert.Equal(2, members.Count);
        Assert.Equal(["filter", "watermark"], members.Select(member => member.Groups["wanted"].Value).Order(StringComparer.Ordinal));
        Assert.All(members, member => Assert.NotEqual(member.Groups["held"].Value, member.Groups["wanted"].Value));
        Assert.Equal(2, members.Select(member => member.Groups["owner"].Value).Distinct().Count());
        Assert.Equal(executor == "processes" ? 2 : 1, members.Select(member => member.Groups["process"].Value).Distinct().Count());
        CliResult shown = await CliRun.RunAsync("licenses", "show", _temp["licenses"]);
        Assert.Contains("filter: 0 of 1 held, 0 waiting", shown.Out, StringComparison.Ordinal);
        Assert.Contains("watermark: 0 of 1 held, 0 waiting", shown.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tasks")]
    [InlineData("processes")]
    public async Task Process_LicensesWithoutAFolder_AreSharedByTheWorkersOfTheRunAndGoWithIt(string executor)
    {
        string[] job = Job(executor, "out")[..^2];
        Assert.DoesNotContain("--license-dir", job);
        string temporary = Directory.CreateDirectory(_temp["tmp"]).FullName;
        using ToolProcess tool = ToolProcess.StartWith(new Dictionary<string, string>(s_oppositeOrder) { ["TMPDIR"] = temporary }, job);
        CliResult result = await tool.EndAsync();
        Assert.Equal(ExitCodes.Stopped, result.ExitCode);
        Assert.Contains("Circular wait of 2 (deadlock):", result.Out, StringComparison.Ordinal); // without common licenses nobody would wait
        Assert.DoesNotContain(Directory.EnumerateDirectories(temporary), folder => Path.GetFileName(folder).StartsWith("pipeline-licenses", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"(?<owner>worker \d+) \(process (?<process>\d+)\) holds (?<held>filter|watermark)/0 .*\n\s+wants (?<wanted>filter|watermark) ")]
    private static partial Regex Member();

    private string[] Job(string executor, string output) =>
    [
        "process", _temp["in"], "--out", _temp[output], "--sizes", "64", "--workers", "4", "--executor", executor, "--no-progress",
        "--blur", "0.8", "--watermark", SamplePhotos.Png(_temp["logo.png"]),
        "--filter-licenses", "1", "--watermark-licenses", "1", "--license-dir", _temp["licenses"],
    ];
}
