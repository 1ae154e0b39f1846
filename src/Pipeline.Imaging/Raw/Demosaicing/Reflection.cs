namespace Pipeline.Imaging;

/// <summary>Mirrors positions at the border of the sensor without repeating the border itself, so that each keeps its filter color.</summary>
internal static class Reflection
{
    /// <summary>Maps any position to one inside.</summary>
    /// <param name="position">A position, inside or outside.</param>
    /// <param name="count">The number of positions, at least 2.</param>
    /// <returns>A position from 0 to <paramref name="count"/> - 1 of the same parity: -1 becomes 1, <paramref name="count"/> becomes <paramref name="count"/> -
    /// 2.</returns>
    public static int Inside(int position, int count)
    {
        int period = 2 * (count - 1);
        int at = position % period;
        if (at < 0)
            at += period;
        return at < count ? at : period - at;
    }
}
