using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetVips;

namespace Pipeline.Imaging;

/// <summary>Separable Gaussian convolution of 8-bit RGB pictures, and unsharp masking on top of it. Immutable and thread-safe.</summary>
/// <remarks>
/// In single precision with one rounding at the end: at most one level from the exact result, and a constant picture stays constant. (libvips's own blur works
/// with 8-bit intermediates and loses up to a level per pass, which sharpening then multiplies.) Edges repeat the outermost pixels. All arithmetic is per
/// element, so the width of the vector unit does not change a result.
/// </remarks>
internal sealed unsafe class GaussianKernel
{
    private const int Bands = 3;
    private readonly float[] _half; // the weights from the center outwards

    /// <summary>Makes the kernel, cut where it has fallen below 1/1000 of its center.</summary>
    public GaussianKernel(double sigma)
    {
        int reach = Math.Max(1, (int)Math.Ceiling(3.72 * sigma));
        double[] weights = new double[reach + 1];
        double sum = 0;
        for (int i = 0; i <= reach; i++)
        {
            weights[i] = Math.Exp(-i * (double)i / (2 * sigma * sigma));
            sum += i == 0 ? weights[i] : 2 * weights[i];
        }

        _half = Array.ConvertAll(weights, w => (float)(w / sum));
    }

    /// <summary>Filters a picture.</summary>
    /// <param name="image">8-bit, 3 bands.</param>
    /// <param name="amount">Null to blur; otherwise how much of the difference to the blurred picture is added.</param>
    /// <returns>A new image in memory; the caller disposes it.</returns>
    public Image Apply(Image image, float? amount)
    {
        if (image.Format != Enums.BandFormat.Uchar || image.Bands != Bands)
            throw new ArgumentException(
                $"The filter takes 8-bit RGB; the picture has {image.Bands} bands of {image.Format}.", nameof(image));
        PixelBuffer output = new(image.Width, image.Height);
        nint source = 0;
        try
        {
            source = image.WriteToMemory(out _);
            Run((byte*)source, output, amount);
        }
        catch
        {
            output.Dispose();
            throw;
        }
        finally
        {
            if (source != 0)
                NetVips.NetVips.Free(source);
        }

        return PixelImage.From(output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(byte* source, PixelBuffer output, float? amount)
    {
        int elements = output.Stride, height = output.Height, reach = _half.Length - 1, taps = (2 * reach) + 1, pad = reach * Bands;
        // Vector loops run over the end of a row by less than four vectors.
        int length = ((elements + (4 * Vector<float>.Count) - 1) / (4 * Vector<float>.Count) * 4 * Vector<float>.Count) + (2 * pad);
        nuint floats = (nuint)length * (nuint)(taps + 1);
        float* memory = (float*)NativeMemory.AlignedAlloc((floats + (nuint)length) * sizeof(float), 64);
        float** window = (float**)NativeMemory.Alloc((nuint)taps, (nuint)sizeof(float*));
        try
        {
            NativeMemory.Clear(memory, floats * sizeof(float));
            float* column = memory + pad;
            // The last row of the block takes the bytes, because a vector may write over the end of the picture's row.
            byte* bytes = (byte*)(memory + floats);
            byte* target = (byte*)output.Address;
            fixed (float* weights = _half)
            {
                for (int y = -reach; y < reach; y++)
                    Widen(
                        source + ((long)Math.Clamp(y, 0, height - 1) * elements),
                        memory + ((long)length * (1 + ((y + reach) % taps))),
                        elements);
                for (int y = 0; y < height; y++)
                {
                    Widen(
                        source + ((long)Math.Min(y + reach, height - 1) * elements),
                        memory + ((long)length * (1 + ((y + (2 * reach)) % taps))),
                        elements);
                    for (int i = 0; i < taps; i++)
                        window[i] = memory + ((long)length * (1 + ((y + i) % taps)));
                    Vertical(window, weights, reach, column, elements);
                    for (int i = 1; i <= reach; i++)
                    {
                        for (int band = 0; band < Bands; band++)
                        {
                            column[(-i * Bands) + band] = column[band];
                            column[elements + ((i - 1) * Bands) + band] = column[elements - Bands + band];
                        }
                    }

                    Horizontal(column, window[reach], weights, reach, bytes, elements, amount);
                    Buffer.MemoryCopy(bytes, target + ((long)y * elements), elements, elements);
                }
            }
        }
        finally
        {
            NativeMemory.Free(window);
            NativeMemory.AlignedFree(memory);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(byte* source, float* target, int elements)
    {
        int x = 0;
        for (; x + Vector<byte>.Count <= elements; x += Vector<byte>.Count)
        {
            Vector.Widen(Vector.Load(source + x), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
            Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
            Vector.Store(Vector.ConvertToSingle(Vector.AsVectorInt32(a)), target + x);
            Vector.Store(Vector.ConvertToSingle(Vector.AsVectorInt32(b)), target + x + Vector<float>.Count);
            Vector.Store(Vector.ConvertToSingle(Vector.AsVectorInt32(c)), target + x + (2 * Vector<float>.Count));
            Vector.Store(Vector.ConvertToSingle(Vector.AsVectorInt32(d)), target + x + (3 * Vector<float>.Count));
        }

        for (; x < elements; x++)
            target[x] = source[x];
    }

    // Four vectors at a time, so that the weights and addresses are looked up once for them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Vertical(float** window, float* weights, int reach, float* target, int elements)
    {
        int n = Vector<float>.Count;
        for (int x = 0; x < elements; x += 4 * n)
        {
            Vector<float> weight = new(weights[0]);
            float* center = window[reach] + x;
            Vector<float> a = Vector.Load(center) * weight, b = Vector
                .Load(center + n) * weight, c = Vector
                .Load(center + (2 * n)) * weight, d = Vector
                .Load(center + (3 * n)) * weight;
            for (int i = 1; i <= reach; i++)
            {
                weight = new Vector<float>(weights[i]);
                float* up = window[reach - i] + x, down = window[reach + i] + x;
                a += (Vector.Load(up) + Vector.Load(down)) * weight;
                b += (Vector.Load(up + n) + Vector.Load(down + n)) * weight;
                c += (Vector.Load(up + (2 * n)) + Vector.Load(down + (2 * n))) * weight;
                d += (Vector.Load(up + (3 * n)) + Vector.Load(down + (3 * n))) * weight;
            }

            Vector.Store(a, target + x);
            Vector.Store(b, target + x + n);
            Vector.Store(c, target + x + (2 * n));
            Vector.Store(d, target + x + (3 * n));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Horizontal(float* column, float* own, float* weights, int reach, byte* target, int elements, float? amount)
    {
        int n = Vector<float>.Count;
        bool sharpen = amount is not null;
        Vector<float> strength = new(amount ?? 0);
        for (int x = 0; x < elements; x += 4 * n)
        {
            Vector<float> weight = new(weights[0]);
            float* center = column + x;
            Vector<float> a = Vector.Load(center) * weight, b = Vector
                .Load(center + n) * weight, c = Vector
                .Load(center + (2 * n)) * weight, d = Vector
                .Load(center + (3 * n)) * weight;
            for (int i = 1; i <= reach; i++)
            {
                weight = new Vector<float>(weights[i]);
                float* left = center - (i * Bands), right = center + (i * Bands);
                a += (Vector.Load(left) + Vector.Load(right)) * weight;
                b += (Vector.Load(left + n) + Vector.Load(right + n)) * weight;
                c += (Vector.Load(left + (2 * n)) + Vector.Load(right + (2 * n))) * weight;
                d += (Vector.Load(left + (3 * n)) + Vector.Load(right + (3 * n))) * weight;
            }

            if (sharpen)
            {
                a = Sharpened(Vector.Load(own + x), a, strength);
                b = Sharpened(Vector.Load(own + x + n), b, strength);
                c = Sharpened(Vector.Load(own + x + (2 * n)), c, strength);
                d = Sharpened(Vector.Load(own + x + (3 * n)), d, strength);
            }

            Vector.Store(Vector.Narrow(Vector.Narrow(Level(a), Level(b)), Vector.Narrow(Level(c), Level(d))), target + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Sharpened(Vector<float> own, Vector<float> blurred, Vector<float> strength) =>
        own + (strength * (own - blurred));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Level(Vector<float> value) =>
        Vector.AsVectorUInt32(Vector.ConvertToInt32Native(Vector.Min(Vector.Max(value, Vector<float>.Zero),
            new Vector<float>(255f)) + new Vector<float>(0.5f)));
}
