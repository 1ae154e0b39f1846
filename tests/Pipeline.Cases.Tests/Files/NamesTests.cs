using System.Text;

namespace Pipeline.Cases.Tests.Files;

/// <summary>Names of photos: any name that the system allows is processed, and two photos never write one output.</summary>
public sealed class NamesTests
{
    [Theory]
    [InlineData("backslash", "a/b.jpg", "a\\b.jpg")]
    [InlineData("backslash-deep", "x/y/z.jpg", "x\\y\\z.jpg")]
    [InlineData("backslash-mixed", "x/y\\z.jpg", "x\\y/z.jpg")]
    [InlineData("case", "photo.jpg", "PHOTO.jpg")]
    [InlineData("extension-case", "photo.jpg", "photo.JPG")]
    [InlineData("extension-other", "photo.jpg", "photo.jpeg")]
    [InlineData("unicode-forms", "caf\u00e9.jpg", "cafe\u0301.jpg")]
    [InlineData("trailing-dot", "photo.jpg", "photo..jpg")]
    [InlineData("trailing-space", "photo.jpg", "photo .jpg")]
    [InlineData("looks-like-output", "photo.jpg", "photo_256.jpg")]
    public Task TwoPhotos_WhoseOutputsCouldBeOne_GiveAsManyFilesAsCharges(string name, string first, string second) => Known.Run("names/" + name, () =>
    {
        using Scratch scratch = new();
        scratch.Write("in/" + first, JpegPicture.Plain);
        scratch.Write("in/" + second, JpegPicture.Encode(200, 100));
        ToolResult result = Tool.Process(scratch, scratch["in"], scratch["out"], "--sizes", "50", "--ledger", scratch["ledger"]);
        int files = Directory.GetFiles(scratch["out"], "*_50.jpg", SearchOption.AllDirectories).Length;
        long charged = Tool.LedgerTotal(scratch["ledger"]);
        Assert.True(files + result.Failures.Count == 2 && charged == files, $"exit code {result.ExitCode}, {files} files, {result.Failures.Count} failures, {charged} charged");
        // Names that differ only in what another system ignores must differ in more than that in the output folder.
        string[] portable = [.. Directory.GetFiles(scratch["out"], "*_50.jpg", SearchOption.AllDirectories).Select(file => Portable(Path.GetRelativePath(scratch["out"], file)))];
        Assert.Equal(files, portable.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    });

    [Theory]
    [InlineData("reserved-con", "con.jpg")]
    [InlineData("reserved-nul", "NUL.jpg")]
    [InlineData("reserved-com1", "com1.jpg")]
    [InlineData("colon", "a:b.jpg")]
    [InlineData("question", "what?.jpg")]
    [InlineData("quote", "a\"b.jpg")]
    [InlineData("dash", "-rf.jpg")]
    [InlineData("emoji", "\U0001F600.jpg")]
    [InlineData("newline", "a\nb.jpg")]
    public Task OnePhoto_OddName_IsProcessed(string name, string file) => Known.Run("names/" + name, () =>
    {
        using Scratch scratch = new();
        scratch.Write("in/" + file, JpegPicture.Plain);
        AssertOneOutput(Tool.Process(scratch, scratch["in"], scratch["out"], "--sizes", "50"), scratch);
    });

    [Theory]
    [InlineData("long-ascii", 220, 1)]
    [InlineData("long-ascii-max", 251, 1)]
    [InlineData("long-two-bytes", 120, 2)]
    [InlineData("long-three-bytes", 83, 3)]
    [InlineData("long-four-bytes", 62, 4)]
    public Task OnePhoto_LongName_IsShortenedNotFailed(string name, int count, int bytes) => Known.Run("names/" + name, () =>
    {
        using Scratch scratch = new();
        string text = bytes switch { 1 => "7", 2 => "\u00fc", 3 => "\u4e2d", _ => "\U0001F600" };
        string first = string.Concat(Enumerable.Repeat(text, count));
        Assert.True(Encoding.UTF8.GetByteCount(first + ".jpg") <= 255);
        scratch.Write($"in/{first}.jpg", JpegPicture.Plain);
        // A second one that differs only at its end must not become the same name.
        scratch.Write($"in/{first[..^text.Length]}{(bytes == 1 ? "8" : "ab"[..Math.Min(2, bytes)])}.jpg", JpegPicture.Plain);
        ToolResult result = Tool.Process(scratch, scratch["in"], scratch["out"], "--sizes", "160");
        Assert.True(result.ExitCode == 0 && Directory.GetFiles(scratch["out"], "*.jpg").Length == 2, $"exit code {result.ExitCode}: {result.AllText}");
    });

    [Theory]
    [InlineData("latin1", "caf\\351.jpg")]
    [InlineData("cut-utf8", "caf\\303.jpg")]
    [InlineData("shift-jis", "\\203\\145.jpg")]
    [InlineData("surrogate", "\\355\\240\\200.jpg")]
    public Task OnePhoto_NameThatIsNotUtf8_IsProcessed(string name, string escaped) => Known.Run("names/not-utf8-" + name, () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Names are bytes on Linux.");
        using Scratch scratch = new();
        string source = scratch.Write("a.jpg", JpegPicture.Plain);
        Directory.CreateDirectory(scratch["in"]);
        Assert.Equal(0, ToolRun.Run(Tool.Limit, "/bin/bash", "-c", "cp \"$1\" \"$2/$(printf \"$3\")\"", "bash", source, scratch["in"], escaped).ExitCode);
        try
        {
            AssertOneOutput(Tool.Process(scratch, scratch["in"], scratch["out"], "--sizes", "50"), scratch);
        }
        finally
        {
            // The runtime cannot name what is to be deleted.
            ToolRun.Run(Tool.Limit, "/bin/rm", "-rf", scratch["in"], scratch["out"]);
        }
    });

    [Theory]
    [InlineData("esc", "\u001b[31mred.jpg")]
    [InlineData("bell", "a\u0007.jpg")]
    [InlineData("c1", "a\u009b31m.jpg")]
    [InlineData("backspace", "a\b\b\b.jpg")]
    [InlineData("carriage-return", "a\rb.jpg")]
    [InlineData("bidi", "a\u202egpj.jpg")]
    public Task ControlCharacters_InANameThatFails_NeverReachTheTerminal(string name, string file) => Known.Run("names/control-" + name, () =>
    {
        using Scratch scratch = new();
        scratch.Write("in/" + file, [0xFF, 0xD8, 0xFF, 0xE0]);
        ToolResult result = Tool.Run("process", scratch["in"], "--out", scratch["out"], "--sizes", "50", "--workers", "1");
        char[] raw = [.. result.AllText.Where(static c => (char.IsControl(c) && c is not ('\n' or '\r')) || c is '\u202e').Distinct()];
        Assert.True(raw.Length == 0 && !result.AllText.Contains("a\rb", StringComparison.Ordinal), $"raw characters: {string.Join(' ', raw.Select(static c => $"U+{(int)c:X4}"))}");
    });

    private static void AssertOneOutput(ToolResult result, Scratch scratch)
    {
        (_, string found, _) = ToolRun.Run(Tool.Limit, "/bin/sh", "-c", "find \"$1\" -type f -name '*_50.jpg' | tr -d '\\n' | wc -c", "sh", scratch["out"]);
        Assert.True(result.ExitCode == 0 && int.Parse(found) > 0, $"exit code {result.ExitCode}: {result.AllText}");
    }

    private static string Portable(string path) => string.Join('/', path.Replace('\\', '/').Split('/').Select(static part => part.Normalize(NormalizationForm.FormC)));
}
