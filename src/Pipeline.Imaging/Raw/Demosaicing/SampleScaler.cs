using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Imaging;

/// <summary>First step of a row: black level off, white balance on, and the two filter colors of the row apart.</summary>
/// <remarks>
/// Afterwards 0 is black and <see cref="White"/> is a full sensor, in all three colors: the factors are scaled so that the smallest is 1, and what goes over
/// the top is cut. So a clipped highlight is white, not tinted (dcraw's highlight mode 0). 14 bits let all sums of the interpolation stay in 16-bit vector
/// lanes.
/// </remarks>
internal sealed class SampleScaler
{
    /// <summary>The value of a full sensor after scaling.</summary>
    public const int White = 16383;

    /// <summary>How many samples of each color the following steps reach over the left and the right border.</summary>
    public const int Reach = 4;

    private readonly int _height;
    private readonly bool _vectors;
    private readonly float[] _factors = new float[4];
    private readonly float[] _offsets = new float[4];

    public SampleScaler(SensorImage image, bool vectors)
    {
        _height = image.Height;
        _vectors = vectors;
        float smallest = image.WhiteBalance.Min();
        for (int site = 0; site < 4; site++)
        {
            int row = site >> 1, column = site & 1;
            int color = column != image.Pattern.FirstChromaColumn(row) ? 1 : image.Pattern.IsRedRow(row) ? 0 : 2;
            float black = image.BlackLevels[site];
            _factors[site] = image.WhiteBalance[color] / smallest * White / (image.WhiteLevel - black);
            _offsets[site] = 0.5f - (black * _factors[site]);
        }
    }

    /// <summary>Scales one row, columns of even number into one half row, the others into another, mirrored over both ends.</summary>
    /// <param name="rows">The samples.</param>
    /// <param name="row">The row; may lie outside of the active area and is mirrored then.</param>
    /// <param name="even">Half row for columns 0, 2, 4 ...</param>
    /// <param name="odd">Half row for columns 1, 3, 5 ...</param>
    public unsafe void Scale(SampleRows rows, int row, short* even, short* odd)
    {
        int inside = Reflection.Inside(row, _height);
        ReadOnlySpan<ushort> samples = rows.Row(inside);
        int site = (inside & 1) * 2;
        int pairs = samples.Length / 2;
        fixed (ushort* source = samples)
        {
            int done = _vectors ? ScaleVectors(source, pairs, even, odd, site) : 0;
            for (int i = done; i < pairs; i++)
            {
                even[i] = Scaled(source[2 * i], site);
                odd[i] = Scaled(source[(2 * i) + 1], site + 1);
            }

            if ((samples.Length & 1) != 0)
                even[pairs] = Scaled(source[samples.Length - 1], site);
        }

        Mirror(even, 0, samples.Length);
        Mirror(odd, 1, samples.Length);
    }

    private static unsafe void Mirror(short* half, int parity, int width)
    {
        int count = (width + 1 - parity) / 2;
        int length = (width + 1) / 2;
        for (int i = -Reach; i < 0; i++)
            half[i] = half[Reflection.Inside((2 * i) + parity, width) >> 1];
        for (int i = count; i < length + Reach; i++)
            half[i] = half[Reflection.Inside((2 * i) + parity, width) >> 1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private short Scaled(ushort sample, int site) =>
        (short)MathF.Min(MathF.Max((sample * _factors[site]) + _offsets[site], 0), White);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe int ScaleVectors(ushort* source, int pairs, short* even, short* odd, int site)
    {
        Vector<float> evenFactor = new(_factors[site]), evenOffset = new(_offsets[site]);
        Vector<float> oddFactor = new(_factors[site + 1]), oddOffset = new(_offsets[site + 1]);
        Vector<uint> low = new(0xFFFFu);
        int i = 0;
        for (; i + Vector<short>.Count <= pairs; i += Vector<short>.Count)
        {
            // One 32-bit lane holds one pair.
            Vector<uint> a = Vector.Load((uint*)source + i), b = Vector.Load((uint*)source + i + Vector<uint>.Count);
            Vector.Narrow(Scaled(a & low, evenFactor, evenOffset), Scaled(b & low, evenFactor, evenOffset)).Store(even + i);
            Vector.Narrow(Scaled(a >> 16, oddFactor, oddOffset), Scaled(b >> 16, oddFactor, oddOffset)).Store(odd + i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Scaled(Vector<uint> samples, Vector<float> factor, Vector<float> offset) =>
        Vector.ConvertToInt32Native(Vector.Min(Vector.Max((Vector.ConvertToSingle(Vector.AsVectorInt32(samples)) * factor) + offset,
            Vector<float>.Zero), new Vector<float>(White)));
}
