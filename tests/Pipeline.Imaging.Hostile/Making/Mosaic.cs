namespace Pipeline.Imaging.Hostile;

/// <summary>Sensor data of small scenes, RGGB.</summary>
internal static class Mosaic
{
    /// <summary>Gets the four colors of the test picture: red and green above, blue and gray below.</summary>
    public static IReadOnlyList<(byte R, byte G, byte B)> Quadrants { get; } = [(200, 40, 40), (40, 200, 40), (40, 40, 200), (128, 128, 128)];

    /// <summary>Gets the four colors when their numbers are read as light.</summary>
    public static IReadOnlyList<(byte R, byte G, byte B)> QuadrantsOfLight { get; } = [(229, 110, 110), (110, 229, 110), (110, 110, 229), (188, 188, 188)];

    public static (byte R, byte G, byte B) QuadrantAt(int x, int y, int width, int height) => Quadrants[(y * 2 >= height ? 2 : 0) + (x * 2 >= width ? 1 : 0)];

    /// <summary>Makes the test picture as a camera sees it whose primaries are those of sRGB.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="black">The value of no light.</param>
    /// <param name="white">The value of full light.</param>
    /// <param name="gain">The share of the light that reaches each place; null for all of it.</param>
    /// <param name="pattern">The color of each place of the 2 x 2 pattern: 0 red, 1 green, 2 blue.</param>
    public static int[][] OfQuadrants(int width, int height, int black, int white, Func<int, int, double>? gain = null, byte[]? pattern = null)
    {
        pattern ??= [0, 1, 1, 2];
        return Of(width, height, (x, y) =>
        {
            (byte r, byte g, byte b) = QuadrantAt(x, y, width, height);
            byte value = pattern[(y & 1) * 2 + (x & 1)] switch { 0 => r, 1 => g, _ => b };
            return (int)Math.Round(black + (white - black) * Linear(value) * (gain?.Invoke(x, y) ?? 1));
        });
    }

    /// <summary>Makes a scene with waves and squares, so that a lossless stream has differences of all sizes.</summary>
    public static int[][] OfWaves(int width, int height, int bits = 14, int black = 256)
    {
        int most = (1 << bits) - 1;
        return Of(width, height, (x, y) =>
        {
            double light = 0.15 + 0.6 * x / width * (0.5 + 0.5 * Math.Sin(y / 9.0)) + ((x / 16 + y / 16) % 2 == 1 ? 0.2 : 0);
            double neutral = (x & 1, y & 1) switch { (0, 0) => 0.52, (1, 1) => 0.68, _ => 1 };
            return Math.Min(most, (int)(black + light * neutral * (most - black) * 0.8));
        });
    }

    public static int[][] Of(int width, int height, Func<int, int, int> value) =>
        [.. Enumerable.Range(0, height).Select(y => Enumerable.Range(0, width).Select(x => value(x, y)).ToArray())];

    /// <summary>Cuts a block out; what lies beyond the edge repeats the edge.</summary>
    public static int[][] Cut(int[][] rows, int left, int top, int width, int height) =>
        Of(width, height, (x, y) => rows[Math.Min(top + y, rows.Length - 1)][Math.Min(left + x, rows[0].Length - 1)]);

    /// <summary>Turns a value of sRGB into light, 0 to 1.</summary>
    public static double Linear(byte value) => value / 255.0 is var v && v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
}
