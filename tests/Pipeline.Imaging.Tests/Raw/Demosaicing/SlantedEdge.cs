namespace Pipeline.Imaging.Tests.Raw.Demosaicing;

/// <summary>Sharpness measured on a slanted edge (ISO 12233, edge-based spatial frequency response).</summary>
internal static class SlantedEdge
{
    private const double Degrees = 5.7;
    private const int Bins = 4;

    public static double Dark => 0.08;

    public static double Light => 0.55;

    /// <summary>The light that a pixel of a picture of the edge gets; pixels have an area.</summary>
    public static double At(int x, int y, int size)
    {
        double covered = Math.Clamp(0.5 + Distance(x, y, size), 0, 1);
        return Dark + ((Light - Dark) * covered);
    }

    /// <summary>Finds the frequency, in cycles per pixel, at which half of the contrast is left.</summary>
    /// <param name="linear">Linear light at a pixel.</param>
    /// <param name="size">Width and height of the picture.</param>
    public static double Mtf50(Func<int, int, double> linear, int size)
    {
        const int Reach = 16 * Bins;
        double[] sum = new double[2 * Reach], count = new double[2 * Reach];
        for (int y = 16; y < size - 16; y++)
        {
            for (int x = 16; x < size - 16; x++)
            {
                int bin = (int)Math.Floor(Distance(x, y, size) * Bins) + Reach;
                if (bin < 0 || bin >= sum.Length)
                    continue;
                sum[bin] += linear(x, y);
                count[bin]++;
            }
        }

        double[] edge = [.. sum.Select((s, i) => s / count[i])];
        double[] line = new double[edge.Length - 1];
        for (int i = 0; i < line.Length; i++)
            line[i] = (edge[i + 1] - edge[i]) * (0.5 - (0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / line.Length)));
        double whole = Magnitude(line, 0), before = 1;
        for (double frequency = 0.01; frequency < 1; frequency += 0.01)
        {
            double now = Magnitude(line, frequency) / whole;
            if (now < 0.5)
                return frequency - (0.01 * (0.5 - now) / (before - now));
            before = now;
        }

        return 1;
    }

    private static double Distance(int x, int y, int size)
    {
        double angle = Degrees * Math.PI / 180;
        return ((x - (size / 2.0)) * Math.Cos(angle)) + ((y - (size / 2.0)) * Math.Sin(angle));
    }

    private static double Magnitude(double[] line, double cyclesPerPixel)
    {
        double real = 0, imaginary = 0;
        for (int i = 0; i < line.Length; i++)
        {
            double phase = 2 * Math.PI * cyclesPerPixel * i / Bins;
            real += line[i] * Math.Cos(phase);
            imaginary += line[i] * Math.Sin(phase);
        }

        return Math.Sqrt((real * real) + (imaginary * imaginary));
    }
}
