using System.Diagnostics;

namespace Pipeline.Cases.Tests.Files;

/// <summary>Pipes, sockets and devices are passed over and named, at once.</summary>
public sealed class SpecialFilesTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("fifo", "mkfifo \"$1/b.jpg\"")]
    [InlineData("socket", "python3 -c \"import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])\" \"$1/b.jpg\"")]
    [InlineData("device-link", "ln -s /dev/zero \"$1/b.jpg\"")]
    [InlineData("fifo-link", "mkfifo \"$1/../pipe\"; ln -s ../pipe \"$1/b.jpg\"")]
    [InlineData("broken-link", "ln -s nowhere \"$1/b.jpg\"")]
    public Task SpecialFile_InAFolder_IsNamedAndDoesNotStopTheRun(string name, string command) => Known.Run("special/" + name, () =>
    {
        using Scratch scratch = Make(command);
        (int code, string output, string error, _) = Watched.Run(s_limit, "process", scratch["in"], "--out", scratch["out"], "--sizes", "50", "--no-progress");
        Assert.True(code is 0 or 1 && File.Exists(scratch["out/a_50.jpg"]) && (output + error).Contains("b.jpg", StringComparison.Ordinal), $"exit code {code}, output there: {File.Exists(scratch["out/a_50.jpg"])}: {output}{error}");
    });

    [Theory]
    [InlineData("fifo", "mkfifo \"$1/b.jpg\"")]
    [InlineData("device", "true")]
    public Task SpecialFile_NamedOnTheCommandLine_IsRefusedAtOnce(string name, string command) => Known.Run("special-named/" + name, () =>
    {
        using Scratch scratch = Make(command);
        (int code, _, string error, _) = Watched.Run(s_limit, "process", name == "device" ? "/dev/zero" : scratch["in/b.jpg"], "--out", scratch["out"], "--sizes", "50", "--no-progress");
        Assert.True(code is 1 or 2 or 3, error);
    });

    [Fact]
    public Task SpecialFile_AsWatermark_IsRefusedAtOnce() => Known.Run("special-named/watermark", () =>
    {
        using Scratch scratch = Make("mkfifo \"$1/../mark.png\"");
        (int code, _, string error, _) = Watched.Run(s_limit, "process", scratch["in"], "--out", scratch["out"], "--sizes", "50", "--watermark", scratch["mark.png"], "--no-progress");
        Assert.True(code == 2, $"exit code {code}: {error}");
    });

    [Fact]
    public Task Signal_WhileAPipeIsRead_EndsTheRun() => Known.Run("special/signal", () =>
    {
        using Scratch scratch = Make("mkfifo \"$1/b.jpg\"");
        using Process tool = Watched.Start("process", scratch["in"], "--out", scratch["out"], "--sizes", "50");
        try
        {
            if (tool.WaitForExit(TimeSpan.FromSeconds(2)))
                return;
            Watched.Signal(tool, "TERM");
            Assert.True(tool.WaitForExit(TimeSpan.FromSeconds(5)), "the tool runs on 5 s after SIGTERM");
        }
        finally
        {
            tool.Kill(entireProcessTree: true);
        }
    });

    private static Scratch Make(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Made with the commands of Linux.");
        Scratch scratch = new();
        scratch.Write("in/a.jpg", JpegPicture.Plain);
        Assert.Equal(0, ToolRun.Run(Tool.Limit, "/bin/sh", "-c", command, "sh", scratch["in"]).ExitCode);
        return scratch;
    }
}
