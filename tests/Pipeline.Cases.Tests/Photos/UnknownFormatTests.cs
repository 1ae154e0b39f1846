using System.Text;

namespace Pipeline.Cases.Tests.Photos;

/// <summary>Pictures of kinds that are not read are named as such and are failures; files named like photos that hold none are failures too.</summary>
public sealed class UnknownFormatTests
{
    private static readonly SortedDictionary<string, (byte[] Content, string[] Names)> s_kinds = new(StringComparer.Ordinal)
    {
        ["a.heic"] = ([0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8, .. new byte[400]], ["HEIC", "HEIF"]),
        ["mif1.heif"] = ([0, 0, 0, 24, .. "ftypmif1"u8, 0, 0, 0, 0, .. "mif1heic"u8, .. new byte[400]], ["HEIC", "HEIF"]),
        ["a.avif"] = ([0, 0, 0, 24, .. "ftypavif"u8, 0, 0, 0, 0, .. "mif1avif"u8, .. new byte[400]], ["AVIF"]),
        ["stream.jxl"] = ([0xFF, 0x0A, .. new byte[400]], ["JPEG XL"]),
        ["box.jxl"] = ([0, 0, 0, 12, .. "JXL "u8, 13, 10, 0x87, 10, .. new byte[400]], ["JPEG XL"]),
        ["a.gif"] = ([.. "GIF89a"u8, 10, 0, 10, 0, 0x80, 0, 0, .. new byte[100]], ["GIF"]),
        ["a.bmp"] = ([.. "BM"u8, 0x36, 1, 0, 0, 0, 0, 0, 0, 0x36, 0, 0, 0, 40, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0, 1, 0, 24, 0, .. new byte[300]], ["BMP"]),
        ["a.jp2"] = ([0, 0, 0, 12, .. "jP  "u8, 13, 10, 0x87, 10, .. new byte[300]], ["JPEG 2000"]),
        ["a.psd"] = ([.. "8BPS"u8, 0, 1, .. new byte[300]], ["Photoshop", "PSD"]),
        ["a.svg"] = (Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"/>"), ["SVG"]),
    };

    private static readonly SortedDictionary<string, byte[]> s_broken = new(StringComparer.Ordinal)
    {
        ["empty.NEF"] = [],
        ["zeroed.NEF"] = new byte[100_000],
        ["empty.jpg"] = [],
        ["zeroed.jpg"] = new byte[100_000],
        ["zeroed.cr2"] = new byte[4096],
        ["zeroed.CR3"] = new byte[4096],
        ["zeroed.dng"] = new byte[4096],
        ["zeroed.arw"] = new byte[4096],
        ["zeroed.RAF"] = new byte[4096],
        ["zeroed.png"] = new byte[4096],
        ["ones.NEF"] = [.. Enumerable.Repeat((byte)255, 4096)],
        ["text.jpg"] = Encoding.ASCII.GetBytes("no picture"),
    };

    public static TheoryData<string> Kinds { get; } = [.. s_kinds.Keys];

    public static TheoryData<string> Broken { get; } = [.. s_broken.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task UnreadKind_BesideAPhoto_IsAFailureWithItsName(string name) => Known.Run("format/" + name, () => CheckInFolder(name, s_kinds[name].Content, s_kinds[name].Names));

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task UnreadKind_Alone_IsAFailureWithItsName(string name) => Known.Run("format-alone/" + name, () => CheckAlone(name, s_kinds[name].Content, s_kinds[name].Names));

    [Theory]
    [MemberData(nameof(Broken))]
    public Task NamedLikeAPhoto_BesideAPhoto_IsAFailure(string name) => Known.Run("broken/" + name, () => CheckInFolder(name, s_broken[name], []));

    [Theory]
    [InlineData("empty.NEF")]
    [InlineData("zeroed.NEF")]
    [InlineData("zeroed.jpg")]
    public Task NamedLikeAPhoto_Alone_IsAFailure(string name) => Known.Run("broken-alone/" + name, () => CheckAlone(name, s_broken[name], []));

    [Theory]
    [InlineData("format_phone.heic", "HEIC")]
    [InlineData("format.avif", "AVIF")]
    public Task SharedPhoto_UnreadKind_IsAFailureWithItsName(string name, string kind) => Known.Run("photos/" + name, () => CheckInFolder(name, Shared.Bytes("photos", name), [kind, "HEIF"]));

    private static void CheckInFolder(string name, byte[] content, string[] words)
    {
        using Scratch scratch = new();
        scratch.Write("in/good.jpg", JpegPicture.Plain);
        scratch.Write("in/" + name, content);
        ToolResult result = Tool.Process(scratch, scratch["in"], scratch["out"], "--sizes", "100", "--format", "png");
        // Where it can be read after all, there are two outputs.
        if (result.ExitCode == 0 && Directory.GetFiles(scratch["out"], "*.png").Length == 2)
            return;
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: {result.AllText}");
        string failure = Assert.Single(result.Failures);
        Assert.Contains(name, failure);
        Assert.True(words.Length == 0 || words.Any(word => failure.Replace(name, "", StringComparison.Ordinal).Contains(word, StringComparison.OrdinalIgnoreCase)), failure);
    }

    private static void CheckAlone(string name, byte[] content, string[] words)
    {
        using Scratch scratch = new();
        ToolResult result = Tool.Process(scratch, scratch.Write(name, content), scratch["out"], "--sizes", "100", "--format", "png");
        if (result.ExitCode == 0 && Directory.Exists(scratch["out"]) && Directory.GetFiles(scratch["out"], "*.png").Length == 1)
            return;
        string text = result.AllText.Replace(name, "", StringComparison.Ordinal);
        Assert.True(result.ExitCode == 1 && (words.Length == 0 || words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))), $"exit code {result.ExitCode}: {result.AllText}");
    }
}
