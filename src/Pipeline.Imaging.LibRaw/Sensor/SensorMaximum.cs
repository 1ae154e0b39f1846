using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pipeline.Imaging.LibRaw;

/// <summary>Finds the brightest value of a sensor.</summary>
internal static class SensorMaximum
{
    /// <summary>Finds the largest value of the active area, the black level of its site subtracted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Find(SensorImage image)
    {
        float largest = 0;
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<ushort> row = image.Samples.Span.Slice(((image.Top + y) * image.RowStride) + image.Left, image.Width);
            ReadOnlySpan<Vector<ushort>> vectors = MemoryMarshal.Cast<ushort, Vector<ushort>>(row);
            Vector<ushort> most = Vector<ushort>.Zero;
            foreach (Vector<ushort> values in vectors)
                most = Vector.Max(most, values);
            ushort even = 0, odd = 0;
            for (int i = 0; i < Vector<ushort>.Count; i += 2)
                (even, odd) = (Math.Max(even, most[i]), Math.Max(odd, most[i + 1]));
            for (int x = vectors.Length * Vector<ushort>.Count; x < row.Length; x++)
                (even, odd) = (x & 1) == 0 ? (Math.Max(even, row[x]), odd) : (even, Math.Max(odd, row[x]));
            int site = (y & 1) * 2;
            largest = Math.Max(largest, Math.Max(even - image.BlackLevels[site], odd - image.BlackLevels[site + 1]));
        }

        return largest;
    }
}
