using NetVips;

namespace Pipeline.Imaging.Tests;

/// <summary>Compares pictures.</summary>
internal static class Quality
{
    /// <summary>Gets the peak signal-to-noise ratio in dB; 99 for equal pictures.</summary>
    public static double Psnr(byte[] a, byte[] b)
    {
        Assert.Equal(a.Length, b.Length);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += Math.Pow(a[i] - b[i], 2);
        return sum == 0 ? 99 : 10 * Math.Log10(255 * 255 / (sum / a.Length));
    }

    public static double Psnr(Image a, Image b) => Psnr(Bytes(a), Bytes(b));

    public static double PsnrAt(Image a, Image b, double scale)
    {
        using Image smallA = a.Resize(scale), smallB = b.Resize(scale);
        return Psnr(smallA, smallB);
    }

    /// <summary>The picture without its outermost pixels.</summary>
    public static Image Inner(Image image, int border) =>
        image.Crop(border, border, image.Width - (2 * border), image.Height - (2 * border));

    public static byte[] Bytes(Image image) => image.WriteToMemory<byte>();

    public static (byte R, byte G, byte B) Pixel(Image image, int x, int y)
    {
        double[] value = image[x, y];
        return ((byte)value[0], (byte)value[1], (byte)value[2]);
    }
}
