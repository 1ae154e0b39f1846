namespace Pipeline.Imaging;

/// <summary>Questions that the row kernels ask about a <see cref="BayerPattern"/>.</summary>
internal static class BayerPatterns
{
    /// <summary>Finds the pattern with the given color at each of four sites.</summary>
    /// <param name="colors">Four values, row by row: 0 red, 1 green, 2 blue; 3 (a second green) counts as green.</param>
    /// <returns>Null when the four sites are no Bayer pattern.</returns>
    public static BayerPattern? TryFrom(ReadOnlySpan<byte> colors)
    {
        if (colors.Length != 4)
            return null;
        Span<byte> plain = stackalloc byte[4];
        for (int i = 0; i < 4; i++)
            plain[i] = colors[i] == 3 ? (byte)1 : colors[i];
        return plain switch
        {
            [0, 1, 1, 2] => BayerPattern.Rggb,
            [1, 0, 2, 1] => BayerPattern.Grbg,
            [1, 2, 0, 1] => BayerPattern.Gbrg,
            [2, 1, 1, 0] => BayerPattern.Bggr,
            _ => null,
        };
    }

    /// <summary>Whether the sites of a row that are not green are red; else they are blue.</summary>
    public static bool IsRedRow(this BayerPattern pattern, int row) =>
        (pattern is BayerPattern.Rggb or BayerPattern.Grbg) == ((row & 1) == 0);

    /// <summary>Gets the first column, 0 or 1, of a row's sites that are not green.</summary>
    public static int FirstChromaColumn(this BayerPattern pattern, int row) =>
        (pattern is BayerPattern.Rggb or BayerPattern.Bggr) == ((row & 1) == 0) ? 0 : 1;
}
