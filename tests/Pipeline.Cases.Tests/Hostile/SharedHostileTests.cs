using System.Diagnostics;

namespace Pipeline.Cases.Tests.Hostile;

/// <summary>The rows of shared/cases/hostile, and other members of their kinds.</summary>
public sealed class SharedHostileTests
{
    [Theory]
    [InlineData("f_1byte.dng", false)]
    [InlineData("f_dht_trunc.dng", false)]
    [InlineData("f_c0.dng", true)]
    [InlineData("f_c1sof.dng", true)]
    [InlineData("f_no_dht.dng", false)]
    [InlineData("f_zero_dht.dng", false)]
    [InlineData("f_dht0.dng", false)]
    [InlineData("f_dht_over.dng", false)]
    [InlineData("m_nocfa.dng", true)]
    [InlineData("good_plain.dng", true)]
    [InlineData("good_lossless.dng", true)]
    public Task SharedFile_Processed_IsRightOrRefused(string name, bool mayGivePicture) => Known.Run("hostile/" + name, () =>
    {
        using Scratch scratch = new();
        string input = scratch.Write(name, Shared.Bytes("hostile", "silent-wrong", name)), right = Shared.File("hostile", "silent-wrong", "right-160.png");
        ToolResult result = Tool.Process(scratch, input, scratch["out"], "--sizes", "160", "--format", "png");
        if (result.ExitCode == 1 && !name.StartsWith("good", StringComparison.Ordinal))
            return;
        Assert.True(result.ExitCode == 0, result.AllText);
        using NetVips.Image seen = NetVips.Image.NewFromFile(Directory.EnumerateFiles(scratch["out"], "*.png").Single()), wanted = NetVips.Image.NewFromFile(right);
        using NetVips.Image difference = (seen - wanted).Abs();
        Assert.True(mayGivePicture && difference.Max() <= 3, $"a picture came that differs by up to {difference.Max()}, {difference.Avg():F1} in the mean");
    });

    [Fact]
    public Task SharedFile_NeverWrittenSamples_AreNoPicture() => Known.Run("hostile/heap-leak", () =>
    {
        using Scratch scratch = new();
        for (int i = 0; i < 6; i++)
            scratch.Write($"in/a{i}.dng", Shared.Bytes("hostile", "heap-leak", "0-secret.dng"));
        scratch.Write("in/z.dng", Shared.Bytes("hostile", "heap-leak", "1-empty.dng"));
        ToolResult result = Tool.Process(scratch, scratch["in"], scratch["out"], "--sizes", "672", "--format", "png", "--workers", "1");
        Assert.True(result.ExitCode == 1 && !File.Exists(Path.Combine(scratch["out"], "z_672.png")), $"exit code {result.ExitCode}, z_672.png is there: {File.Exists(Path.Combine(scratch["out"], "z_672.png"))}");
    });

    [Fact]
    public Task SharedFile_PatternOfAWrongType_IsRefused() => Known.Run("hostile/nondeterministic-cfa.dng", () =>
    {
        using Scratch scratch = new();
        ToolResult result = Tool.Process(scratch, scratch.Write("a.dng", Shared.Bytes("hostile", "silent-wrong", "nondeterministic-cfa.dng")), scratch["out"], "--sizes", "160", "--format", "png");
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: a picture came");
    });

    [Theory]
    [InlineData("small.tif")]
    [InlineData("damaged-tile.tif")]
    public Task SharedFile_DamagedTile_IsRefused(string name) => Known.Run("hostile/" + name, () =>
    {
        using Scratch scratch = new();
        ToolResult result = Tool.Process(scratch, scratch.Write(name, Shared.Bytes("hostile", "tiff-tiles", name)), scratch["out"], "--sizes", "64", "--format", "png");
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: a picture came");
    });

    [Fact]
    public Task SharedFile_EndlessOpcodes_EndsWithinHalfAMinute() => Known.Run("hostile/opcode_count_max.dng", () =>
    {
        using Scratch scratch = new();
        string input = scratch.Write("a.dng", Shared.Bytes("hostile", "opcode-hang", "opcode_count_max.dng"));
        (int code, _, string error, _) = Watched.Run(TimeSpan.FromSeconds(30), "process", input, "--out", scratch["out"], "--sizes", "160", "--no-progress");
        Assert.True(code is 0 or 1, error);
    });

    [Theory]
    [InlineData("tasks", 1)]
    [InlineData("tasks", 2)]
    [InlineData("processes", 1)]
    [InlineData("processes", 2)]
    public Task Tool_SignalsWhileADecoderNeverEnds_EndsWithinFiveSeconds(string executor, int signals) => Known.Run($"hostile/signal-{signals}-{executor}", () =>
    {
        using Scratch scratch = new();
        string input = scratch.Write("a.dng", Shared.Bytes("hostile", "opcode-hang", "opcode_count_max.dng"));
        using Process tool = Watched.Start("process", input, "--out", scratch["out"], "--sizes", "160", "--executor", executor);
        try
        {
            // It says that it works before it begins to decode.
            Assert.NotNull(tool.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult());
            Assert.False(tool.WaitForExit(TimeSpan.FromSeconds(2)) && tool.ExitCode > 1, "The tool ended by itself.");
            for (int i = 0; i < signals && !tool.HasExited; i++)
                Watched.Signal(tool, "TERM");
            Assert.True(tool.WaitForExit(TimeSpan.FromSeconds(5)), $"the tool runs on 5 s after {signals} SIGTERM");
        }
        finally
        {
            tool.Kill(entireProcessTree: true);
        }
    });

    [Theory]
    [InlineData("jpeg_progressive_24mp.jpg")]
    public Task SharedFile_ProgressiveWithASmallBudget_IsCharged(string name) => Known.Run("photos/" + name, () =>
    {
        using Scratch scratch = new();
        (int code, string output, string error, long peak) = Watched.Run(TimeSpan.FromSeconds(60), "process", scratch.Write(name, Shared.Bytes("photos", name)), "--out", scratch["out"], "--sizes", "1600", "--memory", "100MB", "--no-progress");
        Assert.True(code == 0 && (peak < 200 || (output + error).Contains("needs", StringComparison.Ordinal)), $"exit code {code}, peak {peak} MiB: {output}{error}");
    });
}
