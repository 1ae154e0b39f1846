namespace Pipeline.Cases.Tests.Files;

/// <summary>A photo is charged once for what was asked for, whatever becomes of its file's time and place.</summary>
public sealed class ChargeTests
{
    [Theory]
    [InlineData("again")]
    [InlineData("again-resume")]
    [InlineData("touched")]
    [InlineData("touched-resume")]
    [InlineData("moved-input")]
    [InlineData("renamed-input")]
    [InlineData("moved-output")]
    [InlineData("other-output")]
    [InlineData("copied")]
    public Task SecondRun_SamePhoto_IsNotChargedAgain(string change) => Known.Run("charge/" + change, () =>
    {
        using Scratch scratch = new();
        scratch.Write("in/a.jpg", JpegPicture.Encode(400, 200));
        string input = scratch["in"], output = scratch["out"];
        Assert.Equal(0, Run(input, output, scratch).ExitCode);
        Assert.Equal(1, Tool.LedgerTotal(scratch["ledger"]));
        switch (change)
        {
            case "touched" or "touched-resume":
                File.SetLastWriteTimeUtc(scratch["in/a.jpg"], DateTime.UtcNow.AddHours(1));
                break;
            case "moved-input":
                Directory.Move(input, input = scratch["in2"]);
                break;
            case "renamed-input":
                File.Move(scratch["in/a.jpg"], scratch["in/b.jpg"]);
                break;
            case "moved-output":
                Directory.Move(output, output = scratch["out2"]);
                break;
            case "other-output":
                output = scratch["out2"];
                break;
            case "copied":
                File.Copy(scratch["in/a.jpg"], scratch["in/copy.jpg"]);
                break;
        }

        ToolResult result = Run(input, output, scratch, change.EndsWith("resume", StringComparison.Ordinal) || change == "moved-output" ? ["--resume"] : []);
        Assert.True(result.ExitCode == 0, result.AllText);
        Assert.Equal(1, Tool.LedgerTotal(scratch["ledger"]));
    });

    [Fact]
    public Task SecondRun_OtherContentOrOptions_IsCharged() => Known.Run("charge/other-work", () =>
    {
        using Scratch scratch = new();
        string photo = scratch.Write("in/a.jpg", JpegPicture.Encode(400, 200));
        Assert.Equal(0, Run(scratch["in"], scratch["out"], scratch).ExitCode);
        Assert.Equal(0, Run(scratch["in"], scratch["out"], scratch, "--sharpen", "1").ExitCode);
        Assert.Equal(2, Tool.LedgerTotal(scratch["ledger"]));
        File.WriteAllBytes(photo, JpegPicture.Encode(500, 200));
        Assert.Equal(0, Run(scratch["in"], scratch["out"], scratch).ExitCode);
        Assert.Equal(3, Tool.LedgerTotal(scratch["ledger"]));
    });

    [Fact]
    public Task SecondRun_OtherTenant_IsAChargeOfItsOwn() => Known.Run("charge/other-tenant", () =>
    {
        using Scratch scratch = new();
        scratch.Write("in/a.jpg", JpegPicture.Encode(400, 200));
        Assert.Equal(0, Run(scratch["in"], scratch["out"], scratch, "--tenant", "one").ExitCode);
        Assert.Equal(0, Run(scratch["in"], scratch["out"], scratch, "--tenant", "two").ExitCode);
        Assert.Equal(2, Tool.LedgerTotal(scratch["ledger"]));
    });

    private static ToolResult Run(string input, string output, Scratch scratch, params string[] more) => Tool.Run(["process", input, "--out", output, "--sizes", "50", "--ledger", scratch["ledger"], "--quiet", .. more]);
}
