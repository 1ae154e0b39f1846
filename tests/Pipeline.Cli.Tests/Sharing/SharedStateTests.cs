using Pipeline.Cli.Tests.Support;
using Pipeline.Sync;
using Pipeline.Sync.Sqlite;

namespace Pipeline.Cli.Tests.Sharing;

public sealed class SharedStateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Process_ThreeTimesWithALedger_ChargesEveryPhotoOnce()
    {
        SamplePhotos.RawFolder(In("in"), 3);
        string[] job = [
            "process",
            In("in"),
            "--out",
            In("out"),
            "--sizes",
            "64",
            "--ledger",
            In("ledger"),
            "--tenant",
            "acme",
            "--json",
            "-",
            "--no-progress"];
        for (int run = 0; run < 3; run++)
        {
            CliResult result = await CliRun.RunAsync([.. job, .. run == 2 ? new[] { "--resume" } : []]);
            Assert.Equal(0, result.ExitCode);
            Assert.Equal(3, result.Json.GetProperty("billing").GetProperty("charged").GetInt64());
        }

        Assert.Equal("3\n", (await CliRun.RunAsync("ledger", "total", In("ledger"))).Out.ReplaceLineEndings("\n"));
        Assert.Equal("3\n", (await CliRun.RunAsync("ledger", "total", In("ledger"), "--tenant", "acme")).Out.ReplaceLineEndings("\n"));
        Assert.Equal("0\n", (await CliRun.RunAsync("ledger", "total", In("ledger"), "--tenant", "other")).Out.ReplaceLineEndings("\n"));
        CliResult verify = await CliRun.RunAsync("ledger", "verify", In("ledger"));
        Assert.Equal(0, verify.ExitCode);
        Assert.StartsWith("clean: 3 lines, 3 units", verify.Out);
        Assert.Equal(
            4, (await CliRun.RunAsync("ledger", "export", In("ledger"))).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        CliResult live = await CliRun.RunAsync("counter", "show", Path.Combine(In("ledger"), "live.count"));
        Assert.StartsWith("photos: ", live.Out);
    }

    [Fact]
    public async Task Process_ResumedWithALedgerThatMissedPhotos_ChargesThemToo()
    {
        SamplePhotos.RawFolder(In("in"), 2);
        string[] job = ["process", In("in"), "--out", In("out"), "--sizes", "64", "--quiet"];
        // published before there was a ledger, as after a kill between publishing and charging
        Assert.Equal(0, (await CliRun.RunAsync(job)).ExitCode);
        Assert.Equal(0, (await CliRun.RunAsync([.. job, "--resume", "--ledger", In("ledger")])).ExitCode);
        Assert.Equal("2\n", (await CliRun.RunAsync("ledger", "total", In("ledger"))).Out.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("total")]
    [InlineData("export")]
    public async Task Ledger_KeyChargedWithOtherUnits_SaysSoOnceAndGoesOnWithTheRest(string verb)
    {
        await using (BillingLedger first = SqliteBillingLedger.Open(In("ledger")))
        await using (BillingLedger second = SqliteBillingLedger.Open(In("ledger")))
        {
            ChargeKey key = ChargeKey.From("acme", "job", "photo 1", "develop", "1");
            await first.ChargeAsync(key, "acme", 1);
            await second.ChargeAsync(key, "acme", 2);
        }

        CliResult found = await CliRun.RunAsync("ledger", verb, In("ledger"));
        Assert.Equal(1, found.ExitCode);
        Assert.StartsWith("pipeline: 1 charge(s) came again with other units: ", found.Error);
        Assert.Equal(0, (await CliRun.RunAsync("ledger", verb, In("ledger"))).ExitCode);
        Assert.Equal(1, (await CliRun.RunAsync("ledger", "verify", In("ledger"))).ExitCode);
    }

    [Fact]
    public async Task Licenses_Show_NamesTheHolder()
    {
        using CrossProcessSemaphore semaphore = CrossProcessSemaphore.Open(In("licenses"), "filter", 2);
        using LockOwner owner = LockOwner.Begin("job 41");
        await using PermitLease lease = await semaphore.AcquireAsync(1, "photo 7", TestContext.Current.CancellationToken);
        CliResult shown = await CliRun.RunAsync("licenses", "show", In("licenses"));
        Assert.Contains("held by job 41", shown.Out);
        Assert.Contains("for photo 7", shown.Out);
    }

    [Theory]
    [InlineData("--license-dir", "x", "--filter-licenses N")]
    [InlineData("--tenant", "acme", "--ledger DIR")]
    public async Task Process_HalfOfWhatBelongsTogether_IsWrongUsage(string option, string value, string named)
    {
        CliResult result = await CliRun.RunAsync("process", In("in"), "--out", In("out"), option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(named, result.Error);
    }

    [Fact]
    public async Task Process_OtherNumberOfLicensesThanTheFolderHas_IsWrongUsage()
    {
        SamplePhotos.RawFolder(In("in"), 1);
        using (CrossProcessSemaphore.Open(In("licenses"), "filter", 2))
        {
        }

        CliResult result = await CliRun.RunAsync(
            "process", In("in"), "--out", In("out"), "--blur", "1", "--filter-licenses", "3", "--license-dir", In("licenses"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("has 2 permits, but 3 were asked for", result.Error);
    }

    [Theory]
    [InlineData("licenses", "show", "missing")]
    [InlineData("ledger", "total", "missing")]
    [InlineData("ledger", "verify", "missing")]
    [InlineData("counter", "show", "missing")]
    public async Task Inspecting_WhatIsNotThere_IsWrongUsageAndCreatesNothing(string command, string verb, string name)
    {
        CliResult result = await CliRun.RunAsync(command, verb, In(name));
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("pipeline: ", result.Error);
        Assert.False(Path.Exists(In(name)));
    }

    private string In(string name) => Path.Combine(_folder.Path, name);
}
