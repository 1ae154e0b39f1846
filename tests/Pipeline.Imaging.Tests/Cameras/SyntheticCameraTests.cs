namespace Pipeline.Imaging.Tests.Cameras;

public sealed class SyntheticCameraTests
{
    [Fact]
    public void TakePhoto_SameSeed_GivesTheSameBytes()
    {
        byte[] a = Photo(seed: 5), b = Photo(seed: 5), c = Photo(seed: 6);
        Assert.Equal(a, b);
        Assert.NotEqual(a, c);

        static byte[] Photo(int seed)
        {
            using MemoryStream stream = new();
            new SyntheticCamera(320, 224) { Compression = DngCompression.LosslessJpeg }.WritePhoto(
                stream, seed, TestContext.Current.CancellationToken);
            return stream.ToArray();
        }
    }

    [Fact]
    public void OfMegapixels_FortyFive_HasNinetyMegabytesOfData()
    {
        SyntheticCamera camera = SyntheticCamera.OfMegapixels(45);
        Assert.InRange((long)camera.Width * camera.Height * 2, 89_000_000, 91_000_000);
        Assert.Equal(1.5, (double)camera.Width / camera.Height, 0.01);
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticCamera.OfMegapixels(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SyntheticCamera(101, 100));
    }

    [Theory]
    [InlineData(BayerPattern.Rggb)]
    [InlineData(BayerPattern.Bggr)]
    [InlineData(BayerPattern.Grbg)]
    [InlineData(BayerPattern.Gbrg)]
    public void TakePhoto_EveryPattern_DecodesToTheColorsOfTheScene(BayerPattern pattern)
    {
        using Scratch scratch = new();
        string path = scratch.File("a.dng");
        new SyntheticCamera(1536, 1024) { Pattern = pattern }.TakePhoto(path, 8, TestContext.Current.CancellationToken);
        foreach (Demosaic demosaic in (Demosaic[])[Demosaic.Auto, Demosaic.Ahd])
        {
            using Photo photo = Drive.Decode(path, new DecodeOptions { Demosaic = demosaic });
            foreach ((int X, int Y, int Width, int Height, float R, float G, float B) patch in new SyntheticScene(1536, 1024, 8).Patches())
            {
                using NetVips.Image area = photo.Renditions[0].Image.Crop(patch.X, patch.Y, patch.Width, patch.Height);
                float[] light = [patch.R, patch.G, patch.B];
                for (int band = 0; band < 3; band++)
                {
                    using NetVips.Image one = area.ExtractBand(band);
                    double expected = Srgb(light[band]);
                    Assert.True(
                        Math.Abs(one.Avg() - expected) < 3,
                        $"{demosaic}: patch at {patch.X}, {patch.Y}, band {band}: {one.Avg():f1} instead of {expected:f1}.");
                }
            }
        }
    }

    private static double Srgb(double linear) => 255 * (linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055);

    [Fact]
    public void TakePhoto_Canceled_LeavesNoFile()
    {
        using Scratch scratch = new();
        Assert.ThrowsAny<OperationCanceledException>(
            () => new SyntheticCamera(64, 64).TakePhoto(scratch.File("a.dng"), 1, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFiles(scratch.Folder));
    }

    [Fact]
    public void TakePhoto_File_HasTheTagsOfACamera()
    {
        using Scratch scratch = new();
        string path = scratch.File("a.dng");
        new SyntheticCamera(64, 64) { Orientation = 8 }.TakePhoto(path, 1, TestContext.Current.CancellationToken);
        string tags = string.Join('\n', MetadataExtractor.ImageMetadataReader.ReadMetadata(path).SelectMany(d => d.Tags));
        Assert.Contains("Make - Pipeline", tags);
        Assert.Contains("F-Number - f/8.0", tags);
        Assert.Contains("2026:01:01 08:01:00", tags);
        Assert.Contains("Rotate 270 CW", tags);
    }
}
