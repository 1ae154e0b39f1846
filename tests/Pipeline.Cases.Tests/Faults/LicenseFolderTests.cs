using System.Diagnostics;

namespace Pipeline.Cases.Tests.Faults;

/// <summary>Another local user can neither hold licenses that he may only read nor have files written through links.</summary>
public sealed class LicenseFolderTests
{
    // Holds flock(2) on each file that it may open for reading, says so, and waits.
    private const string Thief = """
        import fcntl, os, sys, time
        held = []
        for f in sys.argv[2:]:
            try:
                fd = os.open(f, os.O_RDONLY); fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB); held.append(fd)
            except OSError:
                pass
        print('holds', len(held), flush=True)
        if held: time.sleep(float(sys.argv[1]))
        """;

    [Theory]
    [InlineData("all")]
    [InlineData("s000")]
    [InlineData("gate")]
    [InlineData("meta")]
    public Task Stranger_WhoMayReadTheFolder_HoldsNoLicense(string which) => Known.Run("faults/license-steal-" + which, () =>
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && ToolRun.Find("setpriv") is not null && File.Exists("/usr/bin/python3"), "Needs root, setpriv and python3.");
        using Scratch scratch = new();
        File.SetUnixFileMode(scratch.Folder, (UnixFileMode)0b111_101_101);
        scratch.Write("in/a.jpg", JpegPicture.Plain);
        Assert.Equal(0, Licensed(scratch, "o1").ExitCode);
        string[] files = [.. Directory.Exists(scratch["lic"]) ? Directory.GetFiles(scratch["lic"], "*", SearchOption.AllDirectories).Where(file => which == "all" || Path.GetFileName(file) == which) : []];
        if (files.Length == 0)
            return;
        string script = scratch.Write("steal.py", System.Text.Encoding.ASCII.GetBytes(Thief));
        using Process thief = Process.Start(new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "env", "PATH=/usr/bin:/bin", "/usr/bin/python3", script, "40", .. files]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            string? said = thief.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)).GetAwaiter().GetResult();
            Stopwatch clock = Stopwatch.StartNew();
            ToolResult result = Licensed(scratch, "o2");
            Assert.True(result.ExitCode == 0 && clock.Elapsed < TimeSpan.FromSeconds(15), $"the stranger {said}; exit code {result.ExitCode} after {clock.Elapsed.TotalSeconds:F0} s: {result.AllText}");
        }
        finally
        {
            thief.Kill(entireProcessTree: true);
        }
    });

    [Theory]
    [InlineData("process")]
    [InlineData("ledger")]
    public Task NewFiles_Default_ArePrivate(string kind) => Known.Run("faults/private-" + kind, () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Modes of Linux.");
        using Scratch scratch = new();
        scratch.Write("in/a.jpg", JpegPicture.Plain);
        string folder = scratch[kind == "ledger" ? "ledger" : "lic"];
        Assert.Equal(0, kind == "ledger" ? Tool.Run("process", scratch["in"], "--out", scratch["o"], "--sizes", "50", "--ledger", folder, "--quiet").ExitCode : Licensed(scratch, "o").ExitCode);
        string[] open = [.. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder).Where(static path => (File.GetUnixFileMode(path) & (UnixFileMode)0b000_111_111) != 0).Select(path => $"{Path.GetRelativePath(scratch.Folder, path)} {File.GetUnixFileMode(path)}")];
        Assert.True(open.Length == 0, $"open to others: {string.Join("; ", open)}");
    });

    [Theory]
    [InlineData("licenses")]
    [InlineData("ledger")]
    public Task Link_InThePlaceOfAStateFile_IsNotWrittenThrough(string kind) => Known.Run("faults/symlink-" + kind, () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links of Linux.");
        using Scratch scratch = new();
        scratch.Write("in/a.jpg", JpegPicture.Plain);
        string folder = scratch[kind == "ledger" ? "ledger" : "lic"];
        ToolResult Run(string output) => kind == "ledger" ? Tool.Run("process", scratch["in"], "--out", scratch[output], "--sizes", "50", "--ledger", folder, "--quiet") : Licensed(scratch, output);
        Assert.Equal(0, Run("o0").ExitCode);
        ToolRun.Run(Tool.Limit, "/bin/cp", "-a", folder, folder + "-saved");
        List<string> through = [];
        foreach (string file in Directory.GetFiles(folder + "-saved", "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder + "-saved", file), victim = scratch.Write("victim", "victim"u8.ToArray());
            Directory.Delete(folder, recursive: true);
            ToolRun.Run(Tool.Limit, "/bin/cp", "-a", folder + "-saved", folder);
            File.Delete(Path.Combine(folder, name));
            File.CreateSymbolicLink(Path.Combine(folder, name), victim);
            // A photo of another size, so that there is something to charge.
            scratch.Write("in/a.jpg", JpegPicture.Encode(200 + through.Count, 100));
            Run("o-" + Path.GetFileName(name));
            if (File.ReadAllText(victim) != "victim")
                through.Add(name);
        }

        Assert.True(through.Count == 0, $"written through the link in the place of {string.Join(", ", through)}");
    });

    private static ToolResult Licensed(Scratch scratch, string output) =>
        Tool.Run(TimeSpan.FromSeconds(40), "process", scratch["in"], "--out", scratch[output], "--sizes", "50", "--blur", "1", "--filter-licenses", "1", "--license-dir", scratch["lic"], "--quiet");
}
