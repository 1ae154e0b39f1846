using NetVips;

namespace Pipeline.Cases.Tests.Photos;

/// <summary>A watermark's own profile, orientation and limits count.</summary>
public sealed class WatermarkTests
{
    [Fact]
    public Task SharedWatermark_WideGamut_KeepsItsColor() => Known.Run("photos/wm_prophoto_icc.png", () =>
    {
        using Scratch scratch = new();
        string mark = scratch.Write("mark.png", Shared.Bytes("photos", "wm_prophoto_icc.png"));
        using Image output = Mark(scratch, mark, JpegPicture.Encode(160, 100, static (_, _) => (255, 255, 255)));
        Assert.True(Reddest(output) is var (r, g, b) && Math.Abs(r - 200) <= 14 && Math.Abs(g - 40) <= 14 && Math.Abs(b - 40) <= 14, $"the mark is {Reddest(output)}");
    });

    [Fact]
    public Task SharedWatermark_TurnedByItsTag_IsUpright() => Known.Run("photos/wm_orientation6.jpg", () =>
    {
        using Scratch scratch = new();
        string mark = scratch.Write("mark.jpg", Shared.Bytes("photos", "wm_orientation6.jpg"));
        AssertLying(scratch, mark);
    });

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("webp")]
    public Task Watermark_TurnedByItsTag_IsUpright(string format) => Known.Run($"watermark/orientation-{format}", () =>
    {
        using Scratch scratch = new();
        byte[] turned = JpegPicture.With(JpegPicture.Encode(40, 80, static (_, _) => (200, 40, 40)), JpegPicture.ExifSegment(JpegPicture.Exif(6)));
        using Image image = Image.NewFromBuffer(turned);
        string mark = scratch.Write("mark." + format, format switch { "jpeg" => turned, "png" => image.PngsaveBuffer(), _ => image.WebpsaveBuffer(lossless: true) });
        AssertLying(scratch, mark);
    });

    [Fact]
    public Task Watermark_TooManyPixels_IsRefusedWithinLimits() => Known.Run("hostile/watermark-bomb", () =>
    {
        using Scratch scratch = new();
        byte[] data = new byte[30_000 * 3751];
        string bomb = scratch.Write("bomb.png", Png.Of(Png.Header(30_000, 30_000, 1, 0), Png.Chunk("IDAT", Png.Deflate(data)), Png.Chunk("IEND"))), photo = scratch.Write("a.jpg", JpegPicture.Plain);
        (int code, _, string error, long peak) = Watched.Run(TimeSpan.FromSeconds(60), "process", photo, "--out", scratch["out"], "--sizes", "100", "--watermark", bomb, "--no-progress");
        Assert.True(code == 2 && error.Contains("pixels", StringComparison.Ordinal) && peak < 2048, $"exit code {code}, peak {peak} MiB: {error}");
    });

    private static void AssertLying(Scratch scratch, string mark)
    {
        using Image output = Mark(scratch, mark, JpegPicture.Encode(160, 160, static (_, _) => (255, 255, 255)));
        // How wide and how high the mark is: the columns and rows that are not white.
        byte[] pixels = output.WriteToMemory<byte>();
        bool IsMark(int x, int y) => pixels[(y * output.Width + x) * output.Bands + 1] < 200;
        int width = Enumerable.Range(0, output.Width).Count(x => Enumerable.Range(0, output.Height).Any(y => IsMark(x, y)));
        int height = Enumerable.Range(0, output.Height).Count(y => Enumerable.Range(0, output.Width).Any(x => IsMark(x, y)));
        Assert.True(width > height * 3 / 2, $"the mark is {width} x {height}");
    }

    private static Image Mark(Scratch scratch, string mark, byte[] photo)
    {
        string source = scratch.Write("photo.jpg", photo), target = scratch["out"];
        ToolResult result = Tool.Process(scratch, source, target, "--sizes", "100", "--format", "png", "--watermark", mark, "--opacity", "1", "--position", "center");
        Assert.True(result.ExitCode == 0, result.AllText);
        return Image.NewFromFile(Directory.EnumerateFiles(target, "*.png").Single());
    }

    private static (int R, int G, int B) Reddest(Image image)
    {
        double[] point = image.Getpoint(image.Width / 2, image.Height / 2);
        return ((int)point[0], (int)point[1], (int)point[2]);
    }
}
