using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Imaging;

/// <summary>Fourth step of a row: all three colors at all sites, from green and the means of color minus green around; then linear sRGB.</summary>
/// <remarks>
/// Red and blue are green plus the mean of the nearest color differences: two beside or two above and below for a green site, four diagonal ones for the
/// opposite color (J. E. Adams, "Design of practical color filter array interpolation algorithms for digital cameras", SPIE 3028, 1997).
/// </remarks>
internal static unsafe class ColorReconstruction
{
    /// <summary>Finishes one row.</summary>
    /// <param name="count">The number of sites of each kind in the row. With vectors up to one vector more is written.</param>
    /// <param name="phase">The row's phase, 0 or 1.</param>
    /// <param name="redRow">Whether the sites that are not green are red.</param>
    /// <param name="chromaGreen">Green, interpolated, at the red or blue sites.</param>
    /// <param name="green">Green at the green sites.</param>
    /// <param name="difference">Color minus green at the red or blue sites: of the row above, this row, the row below.</param>
    /// <param name="matrix">Camera color to linear sRGB.</param>
    /// <param name="chromaSites">Receives the pixels of the red or blue sites.</param>
    /// <param name="greenSites">Receives the pixels of the green sites.</param>
    /// <param name="vectors">Whether to use vector instructions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Reconstruct(
        int count, int phase, bool redRow, short* chromaGreen, short* green,
        Neighbors difference, ColorMatrix matrix, Planes chromaSites, Planes greenSites, bool vectors)
    {
        short* own = difference.Here;
        short* left = own - phase, right = own - phase + 1;
        short* aboveLeft = difference.Above + phase - 1, aboveRight = difference.Above + phase;
        short* belowLeft = difference.Below + phase - 1, belowRight = difference.Below + phase;
        if (!vectors)
        {
            for (int i = 0; i < count; i++)
            {
                int diagonal = Mean(Mean(aboveLeft[i], aboveRight[i]), Mean(belowLeft[i], belowRight[i]));
                Store(matrix, redRow, chromaGreen[i], own[i], diagonal, chromaSites, i);
                Store(matrix, redRow, green[i], Mean(left[i], right[i]), Mean(difference.Above[i], difference.Below[i]), greenSites, i);
            }

            return;
        }

        for (int i = 0; i < count; i += Vector<short>.Count)
        {
            Vector<short> diagonal = Mean(
                Mean(
                    Vector.Load(aboveLeft + i),
                    Vector.Load(aboveRight + i)), Mean(Vector.Load(belowLeft + i), Vector.Load(belowRight + i)));
            Store(matrix, redRow, Vector.Load(chromaGreen + i), Vector.Load(own + i), diagonal, chromaSites, i);
            Vector<short> beside = Mean(Vector.Load(left + i), Vector.Load(right + i));
            Vector<short> across = Mean(Vector.Load(difference.Above + i), Vector.Load(difference.Below + i));
            Store(matrix, redRow, Vector.Load(green + i), beside, across, greenSites, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        ColorMatrix matrix, bool redRow, Vector<short> green, Vector<short> own, Vector<short> other, Planes target, int at)
    {
        Vector<short> ownColor = Cut(green + own), otherColor = Cut(green + other);
        if (redRow)
            matrix.Convert(ownColor, green, otherColor, target, at);
        else
            matrix.Convert(otherColor, green, ownColor, target, at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ColorMatrix matrix, bool redRow, int green, int own, int other, Planes target, int at)
    {
        int ownColor = Math.Clamp(green + own, 0, SampleScaler.White), otherColor = Math.Clamp(green + other, 0, SampleScaler.White);
        (target.Red[at], target.Green[at], target.Blue[at]) = redRow
            ? matrix.Convert(ownColor, green, otherColor)
            : matrix.Convert(otherColor, green, ownColor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<short> Mean(Vector<short> a, Vector<short> b) => Vector.ShiftRightArithmetic(a + b + Vector<short>.One, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Mean(int a, int b) => (a + b + 1) >> 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<short> Cut(Vector<short> value) =>
        Vector.Min(Vector.Max(value, Vector<short>.Zero), new Vector<short>(SampleScaler.White));
}
