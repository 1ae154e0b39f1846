using NetVips;

namespace Pipeline.Cli;

/// <summary>Draws the watermark of the demo: three arrows in a ring, white on transparent. No fonts are needed.</summary>
internal static class DemoLogo
{
    private const int Size = 480;

    /// <summary>Writes the logo as a PNG file.</summary>
    public static void Write(string path)
    {
        byte[] pixels = new byte[Size * Size * 4];
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                // White everywhere, so that scaling does not mix in another color at the edges.
                int start = ((y * Size) + x) * 4;
                pixels.AsSpan(start, 3).Fill(255);
                pixels[start + 3] = (byte)Math.Round(255 * Coverage(x + 0.5, y + 0.5));
            }
        }

        using Image image = Image.NewFromMemoryCopy(pixels, Size, Size, 4, Enums.BandFormat.Uchar);
        using Image tagged = image.Copy(interpretation: Enums.Interpretation.Srgb);
        tagged.Pngsave(path);
    }

    // The share of a pixel that is covered, from its distance to the edges of the shapes.
    private static double Coverage(double x, double y)
    {
        const double Middle = Size / 2.0;
        double dx = x - Middle;
        double dy = y - Middle;
        double ring = 18 - Math.Abs(Math.Sqrt((dx * dx) + (dy * dy)) - (Middle - 24));
        double inside = Enumerable.Range(-1, 3).Max(arrow => Arrow(dx - (arrow * 96), dy));
        return Math.Clamp(Math.Max(ring, inside) + 0.5, 0, 1);
    }

    // One '>' with its tip to the right of the origin; positive inside.
    private static double Arrow(double dx, double dy)
    {
        double along = Math.Abs(dy);
        double offset = Math.Abs(dx + along - 56) / Math.Sqrt(2);
        return Math.Min(20 - offset, 104 - along);
    }
}
