using System.Text.RegularExpressions;
using Pipeline.Cli.Tests.Support;
using Pipeline.Sync;

namespace Pipeline.Cli.Tests.Sharing;

/// <summary>One filter and one watermark license for four workers, which are tasks or processes.</summary>
public sealed partial class LicenseTests : IDisposable
{
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
    public async Task Process_AnotherProgramHoldsTheOnlyLicense_PublishesNothingUntilItIsBack(string executor)
    {
        using CrossProcessSemaphore filter = CrossProcessSemaphore.Open(_temp["licenses"], "filter", 1);
        PermitLease lease = await filter.AcquireAsync(1, "maintenance", TestContext.Current.CancellationToken);
        using ToolProcess tool = ToolProcess.Start(Job(executor, "out"));
        // The waiter file of a semaphore is made by the first process that waits; this one never waits.
        await FolderChange.AppearsAsync(filter.Directory, "w000");
        Assert.Empty(SamplePhotos.Hashes(_temp["out"]));
        await lease.DisposeAsync();
        CliResult result = await tool.EndAsync();
        Assert.True(result.ExitCode == ExitCodes.AllDone, result.Error);
        Assert.Equal(8, SamplePhotos.Hashes(_temp["out"]).Count);
    }

    [Theory]
    [InlineData("tasks")]
    [InlineData("processes")]
    public async Task Process_AnotherProgramAsksInTheOppositeOrder_StopsAndNamesTheCircularWait(string executor)
    {
        using CrossProcessSemaphore filter = CrossProcessSemaphore.Open(_temp["licenses"], "filter", 1);
        using CrossProcessSemaphore watermark = CrossProcessSemaphore.Open(_temp["licenses"], "watermark", 1);
        PermitLease first = await filter.AcquireAsync(TestContext.Current.CancellationToken);
        using ToolProcess tool = ToolProcess.Start(Job(executor, "out"));
        // A worker stands in line for the filter license once its ticket is in the file of the line.
        await FolderChange.UntilAsync(
            filter.Directory, () => new FileInfo(Path.Combine(filter.Directory, "gate")) is { Exists: true, Length: > 0 });
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task other = HoldWatermarkAndAskForFilterAsync(filter, watermark, ended.Token);
        await first.DisposeAsync(); // the worker takes it and asks for the watermark license, which closes the circle
        CliResult result = await tool.EndAsync();
        await ended.CancelAsync();
        await other;

        Assert.Equal(ExitCodes.Stopped, result.ExitCode);
        Assert.Contains("Circular wait of 2 (deadlock):", result.Out, StringComparison.Ordinal);
        Assert.Contains("circular wait YES", result.Out, StringComparison.Ordinal);
        Match[] members = [.. Member().Matches(result.Out).Cast<Match>()];
        Match worker = members.Single(member => member.Groups["owner"].Value.StartsWith("worker ", StringComparison.Ordinal));
        Match program = members.Single(member => member.Groups["owner"].Value == "maintenance");
        Assert.Equal(("filter", "watermark"), (worker.Groups["held"].Value, worker.Groups["wanted"].Value));
        Assert.Equal(("watermark", "filter"), (program.Groups["held"].Value, program.Groups["wanted"].Value));
        Assert.Equal($"{Environment.ProcessId}", program.Groups["process"].Value);
        Assert.Equal(executor == "tasks", worker.Groups["process"].Value == $"{tool.Id}");
        CliResult shown = await CliRun.RunAsync("licenses", "show", _temp["licenses"]);
        Assert.Contains("filter: 0 of 1 held, 0 waiting", shown.Out, StringComparison.Ordinal);
        Assert.Contains("watermark: 0 of 1 held, 0 waiting", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_OneByOneInTheOppositeOrder_IsRefused()
    {
        using PhotoLicenses licenses =
            PhotoLicenses.Open(new SharingSettings { FilterLicenses = 1, WatermarkLicenses = 1, LicenseFolder = _temp["licenses"] });
        using LockOwner owner = LockOwner.Begin("worker 1");
        await using PermitLease held = await licenses.Watermark!.AcquireAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<LockOrderException>(
            async () => await licenses.Filter!.AcquireAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("tasks")]
    [InlineData("processes")]
    public async Task Process_LicensesWithoutAFolder_AreSharedByTheWorkersOfTheRunAndGoWithIt(string executor)
    {
        string[] job = Job(executor, "out")[..^2];
        Assert.DoesNotContain("--license-dir", job);
        HashSet<string> before = [.. OwnFolders()];
        CrossProcessSemaphore? filter = null;
        TaskCompletionSource<PermitLease> held = new();
        Task<CliResult> run = CliRun.RunAsync(
            (line, _) =>
            {
                if (!line.StartsWith("Processing", StringComparison.Ordinal))
                    return;
                // The folder is there and no worker has begun: from now on all wait for this license.
                filter = CrossProcessSemaphore.Open(OwnFolders().Single(folder => !before.Contains(folder)), "filter", 1);
                held.SetResult(filter.AcquireAsync(TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult());
            },
            [.. job.Where(argument => argument != "--no-progress")]);
        PermitLease lease = await held.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await FolderChange.AppearsAsync(filter!.Directory, "w000");
        Assert.False(run.IsCompleted);
        Assert.Empty(SamplePhotos.Hashes(_temp["out"]));
        await lease.DisposeAsync();
        CliResult result = await run;
        Assert.True(result.ExitCode == ExitCodes.AllDone, result.Error);
        string folder = Path.GetDirectoryName(filter.Directory)!;
        filter.Dispose();
        Assert.False(Directory.Exists(folder));
    }

    private static IEnumerable<string> OwnFolders() => Directory.EnumerateDirectories(Path.GetTempPath(), "pipeline-licenses-*");

    // A program that takes the licenses one by one, the other way round than the tool. Should it be overtaken, it tries again.
    private static async Task HoldWatermarkAndAskForFilterAsync(
        CrossProcessSemaphore filter, CrossProcessSemaphore watermark, CancellationToken ended)
    {
        using LockOwner owner = LockOwner.Begin("maintenance");
        await using PermitLease held = await watermark.AcquireAsync(ended);
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await using PermitLease both = await filter.AcquireAsync(ended);
            }
            catch (Exception e) when (e is DeadlockException or OperationCanceledException)
            {
                // It was the one to give way, or the tool has ended.
            }
        }
    }

    [GeneratedRegex(
        @"(?<owner>worker \d+|maintenance) \(process (?<process>\d+)\) holds (?<held>filter|watermark)/0 .*\n"
        + @"\s+wants (?<wanted>filter|watermark) ")]
    private static partial Regex Member();

    private string[] Job(string executor, string output) =>
    [
        "process", _temp["in"], "--out", _temp[output], "--sizes", "64", "--workers", "4", "--executor", executor, "--no-progress",
        "--blur", "0.8", "--watermark", SamplePhotos.Png(_temp["logo.png"]),
        "--filter-licenses", "1", "--watermark-licenses", "1", "--license-dir", _temp["licenses"],
    ];
}
