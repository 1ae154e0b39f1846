namespace Pipeline.Imaging;

/// <summary>The sRGB transfer function (IEC 61966-2-1) from linear light, 0 to <see cref="SampleScaler.White"/>, to 8 bits.</summary>
internal static class ToneTable
{
    private static readonly byte[] s_table = Make();

    /// <summary>Gets the bytes, one per linear level.</summary>
    public static ReadOnlySpan<byte> Srgb => s_table;

    private static byte[] Make()
    {
        byte[] table = new byte[SampleScaler.White + 1];
        for (int i = 0; i < table.Length; i++)
        {
            double linear = i / (double)SampleScaler.White;
            double encoded = linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;
            table[i] = (byte)((255 * encoded) + 0.5);
        }

        return table;
    }
}
