namespace Pipeline.Imaging.Tests.Raw.Demosaicing;

/// <summary>Sensor images of known scenes.</summary>
internal static class Mosaics
{
    public const int Black = 512;
    public const int White = 16383;

    public static float[] Identity { get; } = [1, 0, 0, 0, 1, 0, 0, 0, 1];

    /// <summary>Samples a linear scene, 0 to 1 per color, through a filter pattern.</summary>
    public static SensorImage Of(
        int width, int height, BayerPattern pattern, Func<int, int, (double R, double G, double B)> scene, double noise = 0)
    {
        Random random = new(11);
        ushort[] samples = new ushort[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (double r, double g, double b) = scene(x, y);
                double value = ColorAt(pattern, x, y) switch { 0 => r, 1 => g, _ => b };
                if (noise > 0)
                    value += noise * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
                samples[(y * width) + x] = (ushort)Math.Clamp(Math.Round(Black + (value * (White - Black))), 0, 65535);
            }
        }

        return Of(samples, width, height, pattern);
    }

    public static SensorImage Of(ushort[] samples, int width, int height, BayerPattern pattern) => new()
    {
        Samples = samples,
        RowStride = width,
        Width = width,
        Height = height,
        Pattern = pattern,
        BlackLevels = [Black, Black, Black, Black],
        WhiteLevel = White,
        WhiteBalance = [1, 1, 1],
        CameraToSrgb = Identity,
    };

    /// <summary>Random samples with a random active area, so that nothing is aligned and everything clips somewhere.</summary>
    public static SensorImage Random(int seed, int orientation = 1)
    {
        Random random = new(seed);
        int width = random.Next(2, 130), height = random
            .Next(2, 40), left = random
            .Next(5), top = random
            .Next(5), stride = left + width + random
            .Next(9);
        ushort[] samples = new ushort[stride * (top + height)];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (ushort)(random.Next(4) == 0 ? random.Next(65536) : random.Next(3000, 5000));
        return new SensorImage
        {
            Samples = samples,
            RowStride = stride,
            Left = left,
            Top = top,
            Width = width,
            Height = height,
            Pattern = (BayerPattern)random.Next(4),
            BlackLevels = [512, 500, 520, 490],
            WhiteLevel = White,
            WhiteBalance = [1.8f, 1f, 1.4f],
            CameraToSrgb = [1.7f, -0.5f, -0.2f, -0.2f, 1.5f, -0.3f, 0f, -0.5f, 1.5f],
            Orientation = orientation,
        };
    }

    public static int ColorAt(BayerPattern pattern, int x, int y)
    {
        ReadOnlySpan<byte> colors = pattern switch
        {
            BayerPattern.Rggb => [0, 1, 1, 2],
            BayerPattern.Bggr => [2, 1, 1, 0],
            BayerPattern.Grbg => [1, 0, 2, 1],
            _ => [1, 2, 0, 1],
        };
        return colors[((y & 1) * 2) + (x & 1)];
    }

    public static byte[] Develop(SensorImage image, SensorDevelopOptions? options = null)
    {
        (int width, int height) = SensorDeveloper.SizeOf(image, options?.HalfSize ?? false);
        byte[] pixels = new byte[width * height * 3];
        SensorDeveloper.Develop(image, pixels, options, TestContext.Current.CancellationToken);
        return pixels;
    }

    public static byte Srgb(double linear)
    {
        linear = Math.Clamp(linear, 0, 1);
        return (byte)Math.Round(255 * (linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055));
    }

    /// <summary>Peak signal-to-noise ratio in dB of 8-bit pixels, without a border.</summary>
    public static double Psnr(byte[] pixels, int width, int height, Func<int, int, (double R, double G, double B)> scene, int border = 8)
    {
        double sum = 0;
        long count = 0;
        for (int y = border; y < height - border; y++)
        {
            for (int x = border; x < width - border; x++)
            {
                (double r, double g, double b) = scene(x, y);
                int at = ((y * width) + x) * 3;
                sum += Square(pixels[at] - Srgb(r)) + Square(pixels[at + 1] - Srgb(g)) + Square(pixels[at + 2] - Srgb(b));
                count += 3;
            }
        }

        return 10 * Math.Log10(255 * 255 / (sum / count));
    }

    private static double Square(double value) => value * value;
}
