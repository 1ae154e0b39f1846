using NetVips;
using Pipeline.Imaging.LibRaw.Develop;

namespace Pipeline.Imaging.Tests.Develop;

public sealed class BayerDeveloperTests
{
    private static readonly float[] Identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];

    [Theory]
    [InlineData(BayerPattern.Rggb, 0)]
    [InlineData(BayerPattern.Bggr, 3)]
    [InlineData(BayerPattern.Grbg, 5)]
    [InlineData(BayerPattern.Gbrg, 6)]
    public void Full_AnySensor_IsWhatTheScalarFormulaGives(BayerPattern pattern, int flip)
    {
        // Odd widths leave a rest behind every vector; the values are noise, so that every branch of the formula is taken.
        const int Width = 69, Height = 37;
        ushort[] values = Noise(Width * Height, 4096, seed: 5);
        (byte[] own, byte[] reference) = Both(values, Width, Height, Colors(pattern), flip, [0.9f, 0.2f, -0.1f, -0.1f, 1.2f, -0.1f, 0.05f, -0.3f, 1.25f]);
        int worst = own.Zip(reference, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= 1, $"Largest difference {worst}.");
        Assert.True(own.Zip(reference).Count(p => p.First != p.Second) < own.Length / 500);
    }

    [Fact]
    public void Full_ConstantLight_StaysConstantUpToTheEdges()
    {
        // The same light at every place, as the sensor's black levels and sensitivities see it.
        ushort[] values = Enumerable.Range(0, 42 * 31).Select(i => (i / 42 % 2, i % 42 % 2) switch
        {
            (0, 0) => (ushort)(100 + 1000),
            (0, 1) => (ushort)(110 + 1400),
            (1, 0) => (ushort)(90 + 1400),
            _ => (ushort)(105 + 1000),
        }).ToArray();
        (byte[] own, byte[] reference) = Both(values, 42, 31, Colors(BayerPattern.Rggb), 0, Identity);
        Assert.Equal(reference[0], Assert.Single(own.Distinct()));
    }

    [Theory]
    [InlineData("nikon_d1.nef")]
    [InlineData("tinydng_colorchart.dng")]
    [InlineData("kodak_dc50.kdc")]
    public void Full_CameraFile_IsAsGoodAsLibRaw(string name)
    {
        string path = SharedRaw.File(name);
        using Photo own = Drive.Decode(path), ppg = Drive.Decode(path, new DecodeOptions { Demosaic = Demosaic.Ppg }), ahd = Drive.Decode(path, new DecodeOptions { Demosaic = Demosaic.Ahd });
        // The border is done in another way: mirrored here, bilinear there.
        using Image a = Quality.Inner(own.Renditions[0].Image, 8), b = Quality.Inner(ppg.Renditions[0].Image, 8), c = Quality.Inner(ahd.Renditions[0].Image, 8);
        Assert.True(Quality.Psnr(a, b) >= 54, $"{Quality.Psnr(a, b):f1} dB against LibRaw's PPG.");
        Assert.True(Quality.PsnrAt(a, c, 0.47) >= 40, $"{Quality.PsnrAt(a, c, 0.47):f1} dB against AHD at 47 % width.");
    }

    [Theory]
    [InlineData("nikon_d1.nef")]
    [InlineData("tinydng_colorchart.dng")]
    public void Half_CameraFile_IsWhatLibRawGives(string name)
    {
        string path = SharedRaw.File(name);
        using Photo own = Drive.Decode(path, new DecodeOptions { Demosaic = Demosaic.Half });
        RawPicture reference = new Slow(path).Half();
        using (reference.Pixels)
        {
            Assert.Equal((reference.Pixels.Width, reference.Pixels.Height), (own.Renditions[0].Width, own.Renditions[0].Height));
            byte[] theirs = Enumerable.Range(0, reference.Pixels.Height).SelectMany(y => reference.Pixels.Row(y).ToArray()).ToArray();
            Assert.True(Quality.Psnr(Quality.Bytes(own.Renditions[0].Image), theirs) >= 50);
        }
    }

    [Fact]
    public void Full_BothCompressionsOfOneMosaic_GiveTheSamePixels()
    {
        using var scratch = new Scratch();
        string plain = scratch.File("plain.dng"), packed = scratch.File("packed.dng");
        new SyntheticCamera(1200, 800).TakePhoto(plain, 9, TestContext.Current.CancellationToken);
        new SyntheticCamera(1200, 800) { Compression = DngCompression.LosslessJpeg }.TakePhoto(packed, 9, TestContext.Current.CancellationToken);
        Assert.True(new FileInfo(packed).Length < new FileInfo(plain).Length * 0.8);
        using Photo a = Drive.Decode(plain), b = Drive.Decode(packed);
        Assert.Equal(Quality.Bytes(a.Renditions[0].Image), Quality.Bytes(b.Renditions[0].Image));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Decode_EachOrientation_IsTurnedAsLibRawTurnsIt(int orientation)
    {
        using var scratch = new Scratch();
        string path = scratch.File("a.dng");
        new SyntheticCamera(320, 208) { Orientation = orientation }.TakePhoto(path, 2, TestContext.Current.CancellationToken);
        using Photo own = Drive.Decode(path), libRaw = Drive.Decode(path, new DecodeOptions { Demosaic = Demosaic.Ppg });
        Assert.Equal(orientation >= 5 ? (208, 320) : (320, 208), (own.Width, own.Height));
        using Image a = Quality.Inner(own.Renditions[0].Image, 8), b = Quality.Inner(libRaw.Renditions[0].Image, 8);
        Assert.True(Quality.Psnr(a, b) > 50, $"{Quality.Psnr(a, b):f1} dB");
    }

    private static int[] Colors(BayerPattern pattern) => pattern switch
    {
        BayerPattern.Rggb => [0, 1, 1, 2],
        BayerPattern.Bggr => [2, 1, 1, 0],
        BayerPattern.Grbg => [1, 0, 2, 1],
        _ => [1, 2, 0, 1],
    };

    private static ushort[] Noise(int count, int below, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => (ushort)random.Next(below)).ToArray();
    }

    private static unsafe (byte[] Own, byte[] Reference) Both(ushort[] values, int width, int height, int[] colors, int flip, float[] matrix)
    {
        fixed (ushort* data = values)
        {
            var sensor = new BayerSensor
            {
                Values = data,
                Pitch = width,
                Width = width,
                Height = height,
                Colors = colors,
                Black = [100, 110, 90, 105],
                Scale = colors.Select(c => (c == 1 ? 1f : 1.4f) / 4000).ToArray(),
                ToSrgb = matrix,
                Flip = flip,
            };
            using PixelBuffer own = BayerDeveloper.Full(sensor, CancellationToken.None);
            byte[] pixels = Enumerable.Range(0, own.Height).SelectMany(y => own.Row(y).ToArray()).ToArray();
            return (pixels, ScalarDeveloper.Develop(values, sensor));
        }
    }

    /// <summary>LibRaw's own half size, past the engine: the decoder takes the engine for Half, so the seam below it is used.</summary>
    private sealed class Slow(string path)
    {
        public RawPicture Half()
        {
            using var session = new Pipeline.Imaging.LibRaw.Internal.LibRawSession(
                Pipeline.Imaging.LibRaw.Internal.LibRawRuntime.Get(out _)!,
                new RawRequest(path, Demosaic.Half, 1 << 30, false),
                CancellationToken.None);
            return session.DecodeByLibRaw();
        }
    }
}
