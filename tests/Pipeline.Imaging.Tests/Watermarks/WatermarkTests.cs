using NetVips;

namespace Pipeline.Imaging.Tests.Watermarks;

public sealed class WatermarkTests
{
    [Theory]
    [InlineData(0.0, 50, 100, 200)]
    [InlineData(1.0, 250, 20, 30)]
    [InlineData(0.4, 130, 68, 132)]
    public void Opacity_OpaqueMark_MixesExactly(double opacity, int red, int green, int blue)
    {
        using Scratch scratch = new();
        string logo = scratch.Write("logo.png", Pictures.Png(Pictures.Solid(30, 30, 250, 20, 30)));
        using Photo photo = Drive.Run(new Watermark(logo) { Opacity = opacity, Position = WatermarkPosition.Center }, Photo(100, 100));
        (byte r, byte g, byte b) = Quality.Pixel(photo.Renditions[0].Image, 50, 50);
        Assert.Equal((red, green, blue), (r, g, b));
        Assert.Equal(((byte)50, (byte)100, (byte)200), Quality.Pixel(photo.Renditions[0].Image, 5, 5));
    }

    [Theory]
    [InlineData(WatermarkPosition.TopLeft, 10, 10)]
    [InlineData(WatermarkPosition.Top, 100, 10)]
    [InlineData(WatermarkPosition.TopRight, 190, 10)]
    [InlineData(WatermarkPosition.Left, 10, 50)]
    [InlineData(WatermarkPosition.Center, 100, 50)]
    [InlineData(WatermarkPosition.Right, 190, 50)]
    [InlineData(WatermarkPosition.BottomLeft, 10, 90)]
    [InlineData(WatermarkPosition.Bottom, 100, 90)]
    [InlineData(WatermarkPosition.BottomRight, 190, 90)]
    public void Position_Mark_IsWhereItSays(WatermarkPosition position, int x, int y)
    {
        using Scratch scratch = new();
        string logo = scratch.Write("logo.png", Pictures.Png(Pictures.Solid(40, 40, 255, 0, 0)));
        using Photo photo =
            Drive.Run(new Watermark(logo) { Opacity = 1, Position = position, RelativeSize = 0.2, Margin = 0 }, Photo(200, 100));
        for (int py = 10; py < 100; py += 40)
        {
            for (int px = 10; px < 200; px += 90)
                Assert.Equal(px == x && py == y, Quality.Pixel(photo.Renditions[0].Image, px, py).R == 255);
        }
    }

    [Fact]
    public void Size_UprightAndLyingPhoto_CarryTheSameMark()
    {
        using Scratch scratch = new();
        string logo = scratch.Write("logo.png", Pictures.Png(Pictures.Solid(60, 30, 255, 0, 0)));
        Watermark stage = new(logo) { Opacity = 1 };
        using Photo upright = Drive.Run(stage, Photo(300, 400)), lying = Drive.Run(stage, Photo(400, 300));
        Assert.Equal(Marked(upright), Marked(lying));
        Assert.Equal(90 * 45, Marked(lying));

        static int Marked(Photo photo) => Quality.Bytes(photo.Renditions[0].Image).Chunk(3).Count(p => p[0] == 255);
    }

    [Fact]
    public void Transparency_OfTheMark_LetsThePhotoThrough()
    {
        using Scratch scratch = new();
        using Image color = Pictures.Solid(50, 50, 0, 0, 0);
        using Image clear = color.Bandjoin(0);
        string logo = scratch.Write("logo.png", clear.PngsaveBuffer());
        using Photo photo = Drive.Run(new Watermark(logo) { Opacity = 1, RelativeSize = 0.9 }, Photo(120, 80));
        Assert.Equal(new byte[] { 50, 100, 200 }, Quality.Bytes(photo.Renditions[0].Image).Distinct().Order().ToArray());
    }

    [Fact]
    public void Constructor_UnusableFile_IsATypedErrorBeforeAnyPhoto()
    {
        using Scratch scratch = new();
        foreach (string path in (string[])[scratch.File("missing.png"), scratch.Folder, scratch
            .Write("text.png", "no picture"u8), scratch
            .Write("cut.png", Pictures.Png(Pictures.Solid(90, 90, 1, 2, 3)).AsSpan(0, 60))])
        {
            PhotoException error = Assert.Throws<PhotoException>(() => new Watermark(path));
            Assert.Equal(PhotoFailure.WatermarkUnusable, error.Reason);
            Assert.Contains(path, error.Message);
        }
    }

    [Fact]
    public void Settings_OutOfRange_AreRefused()
    {
        using Scratch scratch = new();
        string logo = scratch.Write("logo.png", Pictures.Png(Pictures.Solid(4, 4, 1, 2, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Watermark(logo) { Opacity = 1.01 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Watermark(logo) { Opacity = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Watermark(logo) { RelativeSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Watermark(logo) { Position = (WatermarkPosition)9 });
    }

    private static Photo Photo(int width, int height) =>
        new(
            "a.jpg",
            "jpeg",
            width,
            height,
            PhotoMetadata.None,
            [new Rendition(width, Pictures.Solid(width, height, 50, 100, 200).CopyMemory())]);
}
