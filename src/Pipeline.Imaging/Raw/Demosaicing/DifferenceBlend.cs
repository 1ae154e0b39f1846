using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Imaging;

/// <summary>Third step of a row: the two estimates of color minus green become one.</summary>
/// <remarks>
/// Color minus green changes little along an edge and much across it. So each estimate gets the weight 1 / (1 + g)^2, where g is the sum of the changes of
/// color minus green in its direction around the site: I. Pekkucuksen and Y. Altunbasak, "Gradient based threshold free color filter array interpolation", ICIP
/// 2010, section 2; the classifier with color difference gradients goes back to D. Menon, S. Andriani and G. Calvagno, "Demosaicing with directional filtering
/// and a posteriori decision", IEEE Trans. Image Processing 16(1), 2007, section II-B. Here g spans the site's own row or column (twice) and the two beside it.
/// No threshold and no hard choice between the directions: noise in flat areas makes no maze pattern.
/// </remarks>
internal static unsafe class DifferenceBlend
{
    // Keeps the weights finite, and equal where there are no gradients worth the name: 16 of 16383 summed over six differences.
    private const float Floor = 16;

    // Makes all values positive while they are rounded.
    private const float Bias = 16384.5f;

    /// <summary>Blends one row.</summary>
    /// <param name="from">First site, may be negative.</param>
    /// <param name="to">Site behind the last one. With vectors up to one vector more is written.</param>
    /// <param name="phase">The row's phase, 0 or 1.</param>
    /// <param name="chroma">Red or blue of the row.</param>
    /// <param name="alongRow">Color minus green estimated along the row: of the row above, this row, the row below.</param>
    /// <param name="alongColumn">Color minus green estimated along the column.</param>
    /// <param name="gradient">Vertical gradients: from two rows above to this row, from the row above to the row below, from this row to two rows
    /// below.</param>
    /// <param name="difference">Receives color minus green.</param>
    /// <param name="green">Receives green.</param>
    /// <param name="vectors">Whether to use vector instructions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Blend(
        int from, int to, int phase, short* chroma, Neighbors alongRow, short* alongColumn,
        Neighbors gradient, short* difference, short* green, bool vectors)
    {
        short* row = alongRow.Here;
        short* aboveLeft = alongRow.Above + phase - 1, aboveRight = alongRow.Above + phase;
        short* belowLeft = alongRow.Below + phase - 1, belowRight = alongRow.Below + phase;
        short* crossLeft = gradient.Here + phase - 1, crossRight = gradient.Here + phase;
        if (!vectors)
        {
            for (int i = from; i < to; i++)
            {
                int h = (2 * (Math.Abs(row[i - 1] - row[i]) + Math
                    .Abs(row[i] - row[i + 1]))) + Math.Abs(aboveLeft[i] - aboveRight[i]) + Math.Abs(belowLeft[i] - belowRight[i]);
                int v = (2 * (gradient.Above[i] + gradient.Below[i])) + crossLeft[i] + crossRight[i];
                int blended = Blend(row[i], alongColumn[i], Math.Min(h, ushort.MaxValue), Math.Min(v, ushort.MaxValue)) - (int)Bias;
                difference[i] = (short)blended;
                green[i] = (short)(chroma[i] - blended);
            }

            return;
        }

        for (int i = from; i < to; i += Vector<short>.Count)
        {
            Vector<short> horizontal = Vector.Load(row + i), vertical = Vector.Load(alongColumn + i);
            Vector<ushort> h = Gradients(
                Distance(Vector.Load(row + i - 1), horizontal),
                Distance(horizontal, Vector.Load(row + i + 1)),
                Distance(Vector.Load(aboveLeft + i), Vector.Load(aboveRight + i)),
                Distance(Vector.Load(belowLeft + i), Vector.Load(belowRight + i)));
            Vector<ushort> v = Gradients(
                Vector.Load((ushort*)gradient.Above + i),
                Vector.Load((ushort*)gradient.Below + i),
                Vector.Load((ushort*)crossLeft + i),
                Vector.Load((ushort*)crossRight + i));
            Vector<short> blended = Vector.Narrow(
                Blend(Vector.WidenLower(horizontal), Vector.WidenLower(vertical), Vector.WidenLower(h), Vector.WidenLower(v)),
                Blend(
                    Vector.WidenUpper(horizontal),
                    Vector.WidenUpper(vertical),
                    Vector.WidenUpper(h),
                    Vector.WidenUpper(v))) - new Vector<short>((short)Bias);
            blended.Store(difference + i);
            (Vector.Load(chroma + i) - blended).Store(green + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ushort> Distance(Vector<short> a, Vector<short> b) => Vector.AsVectorUInt16(Vector.Abs(a - b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ushort> Gradients(Vector<ushort> own1, Vector<ushort> own2, Vector<ushort> side1, Vector<ushort> side2)
    {
        Vector<ushort> own = own1 + own2;
        return Vector.AddSaturate(Vector.AddSaturate(own, own), side1 + side2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Blend(Vector<int> horizontal, Vector<int> vertical, Vector<uint> h, Vector<uint> v)
    {
        Vector<float> floor = new(Floor);
        Vector<float> weightV = Vector.ConvertToSingle(Vector.AsVectorInt32(h)) + floor, weightH = Vector
            .ConvertToSingle(Vector.AsVectorInt32(v)) + floor;
        weightV *= weightV;
        weightH *= weightH;
        Vector<float> sum = (Vector.ConvertToSingle(horizontal) * weightH) + (Vector.ConvertToSingle(vertical) * weightV);
        return Vector.ConvertToInt32Native((sum / (weightH + weightV)) + new Vector<float>(Bias));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Blend(int horizontal, int vertical, int h, int v)
    {
        float weightV = h + Floor, weightH = v + Floor;
        weightV *= weightV;
        weightH *= weightH;
        float sum = (horizontal * weightH) + (vertical * weightV);
        return (int)((sum / (weightH + weightV)) + Bias);
    }
}
