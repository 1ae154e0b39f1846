using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Imaging.LibRaw.Develop;

/// <summary>One row in three planes of balanced camera colors, and its way to 8-bit sRGB. Used by one thread.</summary>
internal sealed unsafe class ColorRows
{
    private readonly int _width;
    private readonly float[] _matrix;
    private readonly float[] _planes;
    private readonly int _length;

    public ColorRows(int width, float[] matrix)
    {
        _width = width;
        _matrix = matrix;
        _length = width + Vector<float>.Count;
        // Pinned for the lifetime of this object, because the rows are filled through pointers.
        _planes = GC.AllocateArray<float>(3 * _length, pinned: true);
    }

    public float* Red => Plane(0);

    public float* Green => Plane(1);

    public float* Blue => Plane(2);

    /// <summary>Takes one pixel of each 2 x 2 block: red, blue, and the mean of the two greens. Each pointer steps by two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SetBlocks(float* red, float* green, float* secondGreen, float* blue)
    {
        float* r = Red, g = Green, b = Blue;
        for (int x = 0; x < _width; x++)
        {
            r[x] = red[2 * x];
            g[x] = 0.5f * (green[2 * x] + secondGreen[2 * x]);
            b[x] = blue[2 * x];
        }
    }

    /// <summary>Applies the camera matrix and the tone curve.</summary>
    /// <param name="target">Width x 3 bytes: red, green, blue.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Encode(byte* target)
    {
        float* red = Red, green = Green, blue = Blue;
        Vector<float> m0 = new(_matrix[0]), m1 = new(_matrix[1]), m2 = new(_matrix[2]), m3 = new(_matrix[3]), m4 = new(_matrix[4]), m5 = new(_matrix[5]);
        Vector<float> m6 = new(_matrix[6]), m7 = new(_matrix[7]), m8 = new(_matrix[8]), top = new(ToneCurve.Steps - 1), half = new(0.5f);
        for (int x = 0; x < _width; x += Vector<float>.Count)
        {
            Vector<float> r = Vector.Load(red + x), g = Vector.Load(green + x), b = Vector.Load(blue + x);
            Vector.Store(Step((r * m0) + (g * m1) + (b * m2)), (int*)red + x);
            Vector.Store(Step((r * m3) + (g * m4) + (b * m5)), (int*)green + x);
            Vector.Store(Step((r * m6) + (g * m7) + (b * m8)), (int*)blue + x);
        }

        fixed (byte* table = ToneCurve.Table)
        {
            int* r = (int*)red, g = (int*)green, b = (int*)blue;
            for (int x = 0; x < _width; x++, target += 3)
            {
                target[0] = table[r[x]];
                target[1] = table[g[x]];
                target[2] = table[b[x]];
            }
        }

        Vector<int> Step(Vector<float> linear) =>
            Vector.ConvertToInt32((Vector.Min(Vector.Max(linear, Vector<float>.Zero), Vector<float>.One) * top) + half);
    }

    private float* Plane(int index) => (float*)Unsafe.AsPointer(ref _planes[index * _length]);
}
