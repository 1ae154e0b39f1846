using NetVips;

namespace Pipeline.Imaging.Tests.Encoding;

public sealed class EncodeTests
{
    [Fact]
    public void Encode_EveryFormat_DecodesToThePictureAgain()
    {
        (IPhotoFormat Format, double Psnr, string Extension)[] formats =
        [
            (new JpegFormat(90), 35, ".jpg"),
            (new JpegFormat(90) { Progressive = true }, 35, ".jpg"),
            (new PngFormat(), 99, ".png"),
            (new TiffFormat(), 99, ".tif"),
            (new WebpFormat(90), 35, ".webp"),
            (new AvifFormat(80) { Effort = 0 }, 35, ".avif"),
        ];
        foreach ((IPhotoFormat format, double psnr, string extension) in formats)
        {
            using Photo photo = Drive.Run(new Encode(format), Photo());
            Rendition made = photo.Renditions[0];
            Assert.Equal(extension, made.Format!.Extension);
            using Image again = Image.NewFromBuffer(made.Encoded.ToArray());
            using Image expected = Picture();
            Assert.True(Quality.Psnr(again, expected) >= psnr, $"{format.Name}: {Quality.Psnr(again, expected):f1} dB");
            Assert.Equal(made.Encoded.Length, photo.WeightBytes);
            Assert.DoesNotContain("exif-data", again.GetFields());
        }
    }

    [Fact]
    public void Encode_SamePixels_GiveTheSameBytes()
    {
        foreach (IPhotoFormat format in (IPhotoFormat[])[new JpegFormat(), new PngFormat(), new WebpFormat(), new TiffFormat(),
            new AvifFormat { Effort = 0 }])
        {
            using Photo a = Drive.Run(new Encode(format), Photo()), b = Drive.Run(new Encode(format), Photo());
            Assert.Equal(a.Renditions[0].Encoded.ToArray(), b.Renditions[0].Encoded.ToArray());
        }
    }

    [Fact]
    public void Formats_ValuesOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new JpegFormat(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new JpegFormat(101));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PngFormat(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WebpFormat(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AvifFormat(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AvifFormat { Effort = 10 });
    }

    private static Image Picture() => Pictures.Of(
        160, 120, (x, y) => ((byte)(128 + (90 * Math.Sin(x * 0.07))), (byte)(128 + (90 * Math.Cos(y * 0.05))), (byte)((x + y) / 2)));

    private static Photo Photo() => new("a.jpg", "jpeg", 160, 120, PhotoMetadata.None, [new Rendition(160, Picture().CopyMemory())]);
}
