using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Imaging;

/// <summary>Second step of a row: green at each red or blue site, estimated twice, along the row and along the column, kept as color minus green.</summary>
/// <remarks>
/// <para>The estimate is the mean of the two green neighbors plus a quarter of the second difference of the site's own color (J. F. Hamilton and J. E. Adams,
/// US patent 5,629,734, 1997, "Adaptive color plane interpolation"). It is held near the range of the two neighbors: it may leave that range by a sixteenth of
/// the second difference. No limit at all puts halos on colored edges; the full limit of dcraw's PPG and AHD costs about 1 dB on fine gray detail.</para>
/// <para>Half rows: a row with its red or blue sites at columns 2k + p keeps them at k; p is the row's phase. Its green sites are at columns 2k + 1 - p.</para>
/// </remarks>
internal static unsafe class DirectionalDifference
{
    /// <summary>Estimates one row.</summary>
    /// <param name="from">First site, may be negative.</param>
    /// <param name="to">Site behind the last one. With vectors up to one vector more is written.</param>
    /// <param name="phase">The row's phase, 0 or 1.</param>
    /// <param name="chroma">Red or blue of the row, of two rows above and of two rows below.</param>
    /// <param name="green">Green of the row, of the row above and of the row below; in the latter two the same column is at the same k.</param>
    /// <param name="alongRow">Receives color minus green, green estimated along the row.</param>
    /// <param name="alongColumn">Receives color minus green, green estimated along the column.</param>
    /// <param name="before">The same of two rows above.</param>
    /// <param name="gradient">Receives the absolute difference of <paramref name="alongColumn"/> and <paramref name="before"/>.</param>
    /// <param name="vectors">Whether to use vector instructions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Estimate(
        int from, int to, int phase, Neighbors chroma, Neighbors green,
        short* alongRow, short* alongColumn, short* before, short* gradient, bool vectors)
    {
        short* left = green.Here + phase - 1;
        short* right = green.Here + phase;
        if (!vectors)
        {
            for (int i = from; i < to; i++)
            {
                short own = chroma.Here[i];
                alongRow[i] = Difference(chroma.Here[i - 1], own, chroma.Here[i + 1], left[i], right[i]);
                alongColumn[i] = Difference(chroma.Above[i], own, chroma.Below[i], green.Above[i], green.Below[i]);
                gradient[i] = (short)Math.Abs(alongColumn[i] - before[i]);
            }

            return;
        }

        for (int i = from; i < to; i += Vector<short>.Count)
        {
            Vector<short> own = Vector.Load(chroma.Here + i);
            Difference(
                Vector.Load(chroma.Here + i - 1),
                own,
                Vector.Load(chroma.Here + i + 1),
                Vector.Load(left + i),
                Vector.Load(right + i)).Store(alongRow + i);
            Vector<short> vertical = Difference(
                Vector.Load(chroma.Above + i),
                own,
                Vector.Load(chroma.Below + i),
                Vector.Load(green.Above + i),
                Vector.Load(green.Below + i));
            vertical.Store(alongColumn + i);
            Vector.Abs(vertical - Vector.Load(before + i)).Store(gradient + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<short> Difference(
        Vector<short> previous, Vector<short> own, Vector<short> next, Vector<short> before, Vector<short> after)
    {
        // All values are 0 to 16383, so before + after + 1 just fits; the saturating sum cuts at 32767, which halves to white.
        Vector<short> second = own + own - previous - next;
        Vector<short> estimate = Vector.ShiftRightArithmetic(
            Vector.AddSaturate(before + after + Vector<short>.One, Vector.ShiftRightArithmetic(second, 1)), 1);
        Vector<short> slack = Vector.ShiftRightArithmetic(Vector.Abs(second), 4);
        estimate = Vector.Max(estimate, Vector.Max(Vector.Min(before, after) - slack, Vector<short>.Zero));
        estimate = Vector.Min(estimate, Vector.Min(Vector.Max(before, after) + slack, new Vector<short>(SampleScaler.White)));
        return own - estimate;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static short Difference(int previous, int own, int next, int before, int after)
    {
        int second = (2 * own) - previous - next;
        int estimate = Math.Min(before + after + 1 + (second >> 1), short.MaxValue) >> 1;
        int slack = Math.Abs(second) >> 4;
        estimate = Math.Max(estimate, Math.Max(Math.Min(before, after) - slack, 0));
        estimate = Math.Min(estimate, Math.Min(Math.Max(before, after) + slack, SampleScaler.White));
        return (short)(own - estimate);
    }
}
