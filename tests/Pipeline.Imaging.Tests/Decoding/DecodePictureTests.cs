using NetVips;

namespace Pipeline.Imaging.Tests.Decoding;

public sealed class DecodePictureTests
{
    // Where the top left, red corner of the stored picture is when orientation 1 to 8 was applied (EXIF 2.3, 4.6.4).
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(3, 1, 1)]
    [InlineData(4, 0, 1)]
    [InlineData(5, 0, 0)]
    [InlineData(6, 1, 0)]
    [InlineData(7, 1, 1)]
    [InlineData(8, 0, 1)]
    public void Decode_OrientedJpeg_IsUprightOnceAndForgetsTheTag(int orientation, int right, int bottom)
    {
        using Scratch scratch = new();
        using Image stored =
            Pictures.Of(48, 32, (x, y) => x < 16 && y < 16 ? ((byte)220, (byte)20, (byte)20) : ((byte)20, (byte)20, (byte)220));
        using Image tagged = stored.Mutate(m => m.Set(GValue.GIntType, "orientation", orientation));
        string path = scratch.Write("a.jpg", tagged.JpegsaveBuffer(q: 95));
        using Photo photo = Drive.Decode(path, new DecodeOptions { KeepMetadata = true });
        (int width, int height) = orientation >= 5 ? (32, 48) : (48, 32);
        Assert.Equal((width, height), (photo.Width, photo.Height));
        Image image = photo.Renditions[0].Image;
        (byte r, _, byte b) = Quality.Pixel(image, right == 1 ? width - 6 : 5, bottom == 1 ? height - 6 : 5);
        Assert.True(r > 180 && b < 80, $"The red corner is not at {right}, {bottom}: {r}, {b}.");

        StoredOutput output = Drive.Run(
            new StoreIn(new FileStore(scratch.File("out"))),
            Drive.Run(new Encode(new JpegFormat()), Drive.Decode(path, new DecodeOptions { KeepMetadata = true }))).Outputs[0];
        PhotoHeader again = PhotoProbe.Read(output.Path);
        Assert.Equal((1, width, height), (again.Orientation, again.Width, again.Height));
    }

    [Fact]
    public void Decode_WideGamutProfile_IsConvertedToSrgb()
    {
        using Scratch scratch = new();
        using Image srgb = Pictures.Solid(32, 32, 200, 120, 60);
        using Image p3 = srgb.IccTransform("p3", inputProfile: "srgb", embedded: false);
        string path = scratch.Write("a.png", p3.PngsaveBuffer(keep: Enums.ForeignKeep.Icc));
        (byte storedR, byte storedG, _) = Quality.Pixel(p3, 5, 5);
        Assert.True(Math.Abs(storedR - 200) + Math.Abs(storedG - 120) > 5, "The test picture does not differ from sRGB.");
        using Photo photo = Drive.Decode(path);
        (byte r, byte g, byte b) = Quality.Pixel(photo.Renditions[0].Image, 5, 5);
        Assert.InRange(r, 198, 202);
        Assert.InRange(g, 118, 122);
        Assert.InRange(b, 58, 62);
    }

    [Fact]
    public void Decode_OtherBandsAndDepths_AreEightBitRgbOnWhite()
    {
        using Scratch scratch = new();
        using Image color = Pictures.Solid(20, 10, 100, 100, 100);
        using Image gray = color.ExtractBand(0);
        using Image typed = gray.Copy(interpretation: Enums.Interpretation.Bw);
        using Image deep = color.Colourspace(Enums.Interpretation.Rgb16);
        using Image clear = color.Bandjoin(0);
        using Image cmyk = color.Colourspace(Enums.Interpretation.Cmyk);
        (string Name, byte[] Bytes, int Least, int Most)[] files =
        [
            ("gray.jpg", typed.JpegsaveBuffer(q: 100), 99, 101),
            ("deep.png", deep.PngsaveBuffer(), 99, 101),
            ("clear.png", clear.PngsaveBuffer(), 255, 255),
            ("cmyk.jpg", cmyk.JpegsaveBuffer(q: 100), 80, 120),
        ];
        foreach ((string name, byte[] bytes, int least, int most) in files)
        {
            using Photo photo = Drive.Decode(scratch.Write(name, bytes));
            Image image = photo.Renditions[0].Image;
            Assert.Equal((3, Enums.BandFormat.Uchar, Enums.Interpretation.Srgb), (image.Bands, image.Format, image.Interpretation));
            Assert.InRange(Quality.Pixel(image, 3, 3).G, least, most);
        }
    }

    [Fact]
    public void Decode_SmallTargets_DecodesJpegAtAFractionOfItsSize()
    {
        using Scratch scratch = new();
        using Image image = Pictures.Of(800, 600, (x, y) => ((byte)(x / 4), (byte)(y / 3), 90));
        string path = scratch.Write("a.jpg", image.JpegsaveBuffer(q: 95));
        using Photo small = Drive.Decode(path, new DecodeOptions { TargetWidths = [100, 50] });
        Assert.Equal((800, 600, 200), (small.Width, small.Height, small.Renditions[0].Width));
        using Photo whole = Drive.Decode(path, new DecodeOptions { TargetWidths = [401] });
        Assert.Equal(800, whole.Renditions[0].Width);

        using Photo a = Drive.Run(new ResizeTo(100), small), b = Drive.Run(new ResizeTo(100), whole);
        Assert.Equal((100, 75), (a.Renditions[0].Width, a.Renditions[0].Height));
        Assert.True(Quality.Psnr(a.Renditions[0].Image, b.Renditions[0].Image) > 36);
    }

    [Fact]
    public void Decode_Metadata_IsKeptOnlyWhenAsked()
    {
        using Scratch scratch = new();
        string raw = scratch.File("a.dng");
        new SyntheticCamera(128, 96) { Orientation = 3 }.TakePhoto(raw, 4, TestContext.Current.CancellationToken);
        foreach (bool keep in (bool[])[true, false])
        {
            foreach (
                IPhotoFormat format in (IPhotoFormat[])[new JpegFormat(), new PngFormat(), new WebpFormat(), new AvifFormat { Effort = 0 }])
            {
                Photo photo = Drive.Decode(raw, new DecodeOptions { KeepMetadata = keep });
                Assert.Equal("Synthetic Camera", photo.Metadata.Model);
                string path = Drive.Run(
                    new StoreIn(new FileStore(scratch.File($"out-{keep}"))), Drive.Run(new Encode(format), photo)).Outputs[0].Path;
                using Image image = Image.NewFromFile(path);
                Assert.Equal(keep, image.Contains("exif-ifd0-Model"));
                Assert.Equal(keep, image.Contains("exif-ifd2-FNumber"));
                Assert.False(image.Contains("exif-ifd0-Orientation") && !((string)image.Get("exif-ifd0-Orientation")).StartsWith('1'));
                if (format is not JpegFormat)
                    continue;
                string tags = string.Join('\n', MetadataExtractor.ImageMetadataReader.ReadMetadata(path).SelectMany(d => d.Tags));
                Assert.Equal(keep, tags.Contains("1/250", StringComparison.Ordinal));
                Assert.Equal(keep, tags.Contains("Synthetic Camera", StringComparison.Ordinal));
                Assert.DoesNotContain("Rotate 180", tags);
            }
        }
    }
}
