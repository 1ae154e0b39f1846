namespace Pipeline.Imaging;

/// <summary>Turns the light of a scene into the values of a Bayer sensor. Immutable and thread-safe.</summary>
internal sealed class SyntheticSensor(SyntheticScene scene, BayerPattern pattern, int black, int white, int seed)
{
    // How each of the sensor's colors mixes the scene's linear sRGB; rows add up to 1. The overlap is that of usual dyes.
    private static readonly double[] s_mix = [0.80, 0.18, 0.02, 0.12, 0.78, 0.10, 0.02, 0.20, 0.78];

    // CIE XYZ (D65) to linear sRGB, IEC 61966-2-1.
    private static readonly double[] s_xyzToSrgb =
        [3.2404542, -1.5371385, -0.4985314, -0.9692660, 1.8760108, 0.0415560, 0.0556434, -0.2040259, 1.0572252];

    /// <summary>Gets the sensor's values of white: less sensitive to red and blue than to green, as silicon under dyes is.</summary>
    public static double[] Neutral { get; } = [0.52, 1.0, 0.68];

    /// <summary>Gets the matrix from XYZ to the sensor's colors.</summary>
    public static double[] ColorMatrix { get; } = MakeColorMatrix();

    private static readonly float[] s_sensorMix = s_mix.Select((m, i) => (float)(m * Neutral[i / 3])).ToArray();

    /// <summary>Fills one row.</summary>
    public void FillRow(int y, Span<ushort> row)
    {
        const float ElectronsPerValue = 1.1f; // a full well of about 17,000 electrons
        const float ReadNoise = 4f;
        float range = white - black;
        (int first, int second) = Colors(y);
        Span<float> light = row.Length <= 4096 ? stackalloc float[3 * row.Length] : new float[3 * row.Length];
        scene.ShadeRow(y, light);
        ulong state = Mixed(((ulong)(uint)seed << 32) ^ ((ulong)(uint)y * 0x9E3779B97F4A7C15));
        for (int x = 0, i = 0; x < row.Length; x++, i += 3)
        {
            int color = 3 * ((x & 1) == 0 ? first : second);
            float signal = (
                (light[i] * s_sensorMix[color]) + (light[i + 1] * s_sensorMix[color + 1])
                    + (light[i + 2] * s_sensorMix[color + 2])) * range;
            ulong random = Mixed(state + (ulong)x);
            // The sum of four uniform numbers is close enough to a normal one; variance 4/12 each side of 2.
            ulong sum = (random & 0xFFFF) + ((random >> 16) & 0xFFFF) + ((random >> 32) & 0xFFFF) + (random >> 48);
            float normal = ((sum * (1f / 65536)) - 2f) * 1.7320508f;
            float noisy = signal + (normal * MathF.Sqrt((MathF.Max(signal, 0) / ElectronsPerValue) + (ReadNoise * ReadNoise)));
            row[x] = (ushort)Math.Clamp((int)(noisy + black + 0.5f), 0, white);
        }
    }

    private static double[] MakeColorMatrix()
    {
        double[] matrix = new double[9];
        for (int r = 0; r < 3; r++)
        {
            for (int c = 0; c < 3; c++)
                matrix[(3 * r) + c] = Neutral[r] * (
                    (s_mix[3 * r] * s_xyzToSrgb[c]) + (s_mix[(3 * r) + 1] * s_xyzToSrgb[3 + c])
                + (s_mix[(3 * r) + 2] * s_xyzToSrgb[6 + c]));
        }

        return matrix;
    }

    private static ulong Mixed(ulong value)
    {
        // SplitMix64, Steele, Lea and Flood 2014.
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private (int First, int Second) Colors(int y) => (pattern, y & 1) switch
    {
        (BayerPattern.Rggb, 0) or (BayerPattern.Gbrg, 1) => (0, 1),
        (BayerPattern.Rggb, _) or (BayerPattern.Gbrg, 0) => (1, 2),
        (BayerPattern.Bggr, 0) or (BayerPattern.Grbg, 1) => (2, 1),
        _ => (1, 0),
    };
}
