using System.Text.RegularExpressions;

namespace Pipeline.Cases.Tests.Faults;

/// <summary>What is called done is on the disk: an fsync that fails is a failure, and names are durable before they are charged.</summary>
public sealed partial class DurabilityTests
{
    [Theory]
    [InlineData("tasks", false)]
    [InlineData("tasks", true)]
    [InlineData("processes", false)]
    [InlineData("processes", true)]
    public Task EveryFsync_Fails_NothingIsDoneOrCharged(string executor, bool ledger) => Known.Run($"faults/fsync-{executor}{(ledger ? "-ledger" : "")}", () =>
    {
        Strace.Require();
        using Scratch scratch = new();
        for (int i = 0; i < 3; i++)
            scratch.Write($"in/{i}.jpg", JpegPicture.Encode(200 + i, 100));
        string[] more = [];
        if (ledger)
        {
            // A ledger that is there already: the failures that count are those of the run.
            scratch.Write("first/x.jpg", JpegPicture.Encode(300, 100));
            Assert.Equal(0, Tool.Run("process", scratch["first"], "--out", scratch["out"], "--sizes", "64", "--ledger", scratch["ledger"], "--quiet").ExitCode);
            more = ["--ledger", scratch["ledger"]];
        }

        string[] job = ["process", scratch["in"], "--out", scratch["out"], "--sizes", "64", "--no-progress", "--executor", executor, .. more];
        (ToolResult result, string[] trace) = Strace.Run(scratch, ["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO"], job);
        int hits = trace.Count(static line => line.Contains("INJECTED", StringComparison.Ordinal));
        Assert.True(hits > 0, "no fsync was seen");
        long charged = ledger ? Tool.LedgerTotal(scratch["ledger"]) - 1 : 0;
        Assert.True(result.ExitCode != 0 && charged == 0, $"{hits} fsyncs failed: exit code {result.ExitCode}, {charged} charged");
        // The disk is well again.
        ToolResult after = Tool.Run([.. job, "--resume"]);
        Assert.True(after.ExitCode == 0 && (!ledger || Tool.LedgerTotal(scratch["ledger"]) == 4), $"the run after it: {after.AllText}");
    });

    [Theory]
    [InlineData("tasks")]
    [InlineData("processes")]
    public Task Charge_IsDurable_AfterTheNameOfItsOutput(string executor) => Known.Run($"faults/powerloss-{executor}", () =>
    {
        Strace.Require();
        using Scratch scratch = new();
        scratch.Write("in/a.jpg", JpegPicture.Encode(200, 100));
        (ToolResult result, string[] trace) = Strace.Run(
            scratch, ["-y", "-e", "trace=rename,renameat,renameat2,link,linkat,fsync,fdatasync"], "process", scratch["in"], "--out", scratch["out"], "--sizes", "64", "--ledger", scratch["ledger"], "--executor", executor, "--quiet");
        Assert.True(result.ExitCode == 0, result.AllText);
        bool isRenamed = false, isDurable = false, isCharged = false;
        foreach (string line in trace.Where(static line => !line.Contains(" = -1 ", StringComparison.Ordinal)))
        {
            if (Rename().Match(line) is { Success: true } && line.Contains("_64.jpg\"", StringComparison.Ordinal))
                isRenamed = true;
            else if (Sync().Match(line) is { Success: true } sync)
            {
                isDurable |= isRenamed && sync.Groups[1].Value == scratch["out"];
                if (isRenamed && sync.Groups[1].Value.StartsWith(scratch["ledger"] + "/", StringComparison.Ordinal))
                {
                    isCharged = true;
                    Assert.True(isDurable, "charged while the name of the output could still vanish");
                }
            }
        }

        Assert.True(isRenamed, "no output was renamed");
        Assert.True(isCharged, "the ledger was not made durable after the output");
    });

    [GeneratedRegex(@"\b(rename|renameat|renameat2|link|linkat)\(")]
    private static partial Regex Rename();

    [GeneratedRegex(@"\bf(?:data)?sync\(\d+<([^>]+)>")]
    private static partial Regex Sync();
}
