namespace Pipeline.Imaging.Tests.Raw.Demosaicing;

/// <summary>The interpolation against scenes whose true colors are known.</summary>
public sealed class InterpolationTests
{
    private const int Size = 300;

    [Fact]
    public void Develop_SmoothColorGradient_IsNearlyExact()
    {
        static (double, double, double) Scene(int x, int y) =>
            (0.2 + (0.5 * x / Size), 0.3 + (0.4 * y / Size), 0.6 - (0.3 * (x + y) / (2 * Size)));
        AssertPsnr(Scene, 65);
    }

    [Fact]
    public void Develop_GrayZonePlate_KeepsDetailWithLittleFalseColor()
    {
        // Rings up to 0.9 of the sensor's resolution at the border; interpolation without directions reaches 15 dB here, PPG 17.
        static (double, double, double) Scene(int x, int y)
        {
            double dx = x - (Size / 2.0), dy = y - (Size / 2.0);
            double value = 0.5 + (0.45 * Math.Cos(((dx * dx) + (dy * dy)) * Math.PI / (Size * 1.1)));
            return (value * 0.8, value * 0.7, value * 0.6);
        }

        AssertPsnr(Scene, 21.5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(45)]
    [InlineData(83)]
    [InlineData(90)]
    public void Develop_GrayEdge_HasNoZipperAndNoFalseColor(double degrees)
    {
        double nx = Math.Cos(degrees * Math.PI / 180), ny = Math.Sin(degrees * Math.PI / 180);
        (double, double, double) Scene(int x, int y)
        {
            double value = Math.Clamp(0.5 + ((((x - 150) * nx) + ((y - 150) * ny)) / 2), 0.05, 0.7);
            return (value, value, value);
        }

        AssertPsnr(Scene, 46);
    }

    [Fact]
    public void Develop_NoisyFlatGray_IsNotNoisierThanTheSensor()
    {
        // A hard choice between the directions makes maze patterns here; the mean of both is quieter than one.
        SensorImage image = Mosaics.Of(Size, Size, BayerPattern.Rggb, (_, _) => (0.3, 0.3, 0.3), noise: 0.02);
        byte[] pixels = Mosaics.Develop(image);
        double sensor = 0, developed = 0;
        for (int y = 8; y < Size - 8; y++)
        {
            for (int x = 8; x < Size - 8; x++)
            {
                double sample = (image.Samples.Span[(y * Size) + x] - Mosaics.Black) / (double)(Mosaics.White - Mosaics.Black);
                sensor += Square(Mosaics.Srgb(sample) - Mosaics.Srgb(0.3));
                developed += Square(pixels[(((y * Size) + x) * 3) + 1] - Mosaics.Srgb(0.3));
            }
        }

        Assert.InRange(developed / sensor, 0.2, 0.9);
    }

    private static void AssertPsnr(Func<int, int, (double, double, double)> scene, double least)
    {
        foreach (BayerPattern pattern in Enum.GetValues<BayerPattern>())
        {
            double psnr = Mosaics.Psnr(Mosaics.Develop(Mosaics.Of(Size, Size, pattern, scene)), Size, Size, scene);
            TestContext.Current.TestOutputHelper?.WriteLine($"{pattern}: {psnr:f2} dB");
            Assert.True(psnr >= least, $"{pattern}: {psnr:f2} dB, at least {least} dB expected");
        }
    }

    private static double Square(double value) => value * value;
}
