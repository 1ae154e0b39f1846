using System.Security.Cryptography;

namespace Pipeline.Cases.Tests.Files;

/// <summary>An output never replaces an input, and never a file that is not the tool's own.</summary>
public sealed class OverwriteTests
{
    [Theory]
    [InlineData("folder-link")]
    [InlineData("folder-link-absolute")]
    [InlineData("file-link")]
    [InlineData("hard-link")]
    [InlineData("out-is-link-to-in")]
    [InlineData("out-is-in")]
    [InlineData("out-through-dots")]
    [InlineData("nested-link")]
    public Task Output_WhoseRealPlaceIsAnInput_IsNotWritten(string kind) => Known.Run("overwrite/" + kind, () =>
    {
        using Scratch scratch = new();
        string source = scratch.Write("in/trip/a.jpg", JpegPicture.Encode(400, 200)), victim = scratch.Write("in/trip/a_50.jpg", JpegPicture.Encode(300, 200)), output = scratch["out"];
        switch (kind)
        {
            case "folder-link":
                Directory.CreateDirectory(output);
                Directory.CreateSymbolicLink(Path.Combine(output, "trip"), "../in/trip");
                break;
            case "folder-link-absolute":
                Directory.CreateDirectory(output);
                Directory.CreateSymbolicLink(Path.Combine(output, "trip"), scratch["in/trip"]);
                break;
            case "nested-link":
                Directory.CreateDirectory(output);
                Directory.CreateSymbolicLink(scratch["hop"], scratch["in/trip"]);
                Directory.CreateSymbolicLink(Path.Combine(output, "trip"), scratch["hop"]);
                break;
            case "file-link":
                Directory.CreateDirectory(Path.Combine(output, "trip"));
                File.CreateSymbolicLink(Path.Combine(output, "trip", "a_50.jpg"), victim);
                break;
            case "hard-link":
                Directory.CreateDirectory(Path.Combine(output, "trip"));
                ToolRun.Run(Tool.Limit, "/bin/ln", victim, Path.Combine(output, "trip", "a_50.jpg"));
                break;
            case "out-is-link-to-in":
                Directory.CreateSymbolicLink(output, scratch["in"]);
                break;
            case "out-is-in":
                output = scratch["in"];
                break;
            case "out-through-dots":
                output = scratch["in/trip/../../in"];
                break;
        }

        string before = Hash(source) + Hash(victim);
        ToolResult result = Tool.Run("process", scratch["in"], "--out", output, "--sizes", "50", "--no-progress");
        Assert.True(before == Hash(source) + Hash(victim), $"exit code {result.ExitCode}: an input was replaced");
        // A link or second name in the output folder is not an input's place by itself: replacing the name leaves the input whole.
        Assert.True(result.ExitCode != 0 || kind is "file-link" or "hard-link", "exit code 0 although an output would replace an input");
    });

    [Theory]
    [InlineData("neighbor")]
    [InlineData("stranger")]
    [InlineData("stranger-text")]
    public Task Output_WhoseNameAStrangersFileHas_DoesNotReplaceIt(string kind) => Known.Run("overwrite/" + kind, () =>
    {
        using Scratch scratch = new();
        string source = scratch.Write("own/a.jpg", JpegPicture.Encode(400, 200)), output = kind == "neighbor" ? scratch["own"] : scratch["out"];
        string stranger = scratch.Write(Path.Combine(output, "a_50.jpg"), kind == "stranger-text" ? "a letter"u8.ToArray() : JpegPicture.Encode(300, 200)), before = Hash(stranger);
        ToolResult result = Tool.Run("process", source, "--out", output, "--sizes", "50", "--no-progress");
        Assert.True(before == Hash(stranger), $"exit code {result.ExitCode}: the file that was there is replaced");
        Assert.NotEqual(0, result.ExitCode);
    });

    [Fact]
    public Task Output_OfAnEarlierRun_IsReplaced() => Known.Run("overwrite/own-output", () =>
    {
        using Scratch scratch = new();
        string source = scratch.Write("in/a.jpg", JpegPicture.Encode(400, 200));
        Assert.Equal(0, Tool.Run("process", source, "--out", scratch["out"], "--sizes", "50", "--quiet").ExitCode);
        File.WriteAllBytes(source, JpegPicture.Encode(500, 200));
        string before = Hash(scratch["out/a_50.jpg"]);
        ToolResult result = Tool.Run("process", source, "--out", scratch["out"], "--sizes", "50", "--quiet");
        Assert.True(result.ExitCode == 0, result.AllText);
        Assert.NotEqual(before, Hash(scratch["out/a_50.jpg"]));
    });

    [Theory]
    [InlineData("manifest")]
    [InlineData("folder-out")]
    public Task Link_InTheOutputFolder_IsNotFollowedForWriting(string kind) => Known.Run("overwrite/link-" + kind, () =>
    {
        using Scratch scratch = new();
        string source = scratch.Write("in/trip/a.jpg", JpegPicture.Encode(400, 200)), victim = scratch.Write("elsewhere/victim.txt", "victim"u8.ToArray());
        Assert.Equal(0, Tool.Run("process", scratch["in"], "--out", scratch["first"], "--sizes", "50", "--quiet").ExitCode);
        if (kind == "manifest")
        {
            foreach (string file in Directory.GetFiles(scratch["first"], ".*"))
            {
                Directory.CreateDirectory(scratch["out"]);
                File.CreateSymbolicLink(Path.Combine(scratch["out"], Path.GetFileName(file)), victim);
            }
        }
        else
        {
            Directory.CreateDirectory(scratch["out"]);
            Directory.CreateSymbolicLink(scratch["out/trip"], scratch["elsewhere"]);
        }

        ToolResult result = Tool.Run("process", scratch["in"], "--out", scratch["out"], "--sizes", "50", "--quiet");
        Assert.True(File.ReadAllText(victim) == "victim", $"exit code {result.ExitCode}: the file behind the link is written");
        Assert.True(Directory.GetFiles(scratch["elsewhere"]).Length == 1, $"exit code {result.ExitCode}: outputs are outside the output folder");
    });

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
}
