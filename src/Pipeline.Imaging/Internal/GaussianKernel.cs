using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetVips;

namespace Pipeline.Imaging.Internal;

/// <summary>Separable Gaussian convolution of 8-bit RGB pictures, and unsharp masking on top of it. Immutable and thread-safe.</summary>
/// <remarks>
/// In single precision with one rounding at the end: at most one level from the exact result, and a constant picture stays constant. (libvips's own blur works
/// with 8-bit intermediates and loses up to a level per pass, which sharpening then multiplies.) Edges repeat the outermost pixels. All arithmetic
/// is per element, so the width of the vector unit does not change a result.
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

    private int Reach => _half.Length - 1;

    /// <summary>Filters a picture.</summary>
    /// <param name="image">8-bit, 3 bands.</param>
    /// <param name="amount">Null to blur; otherwise how much of the difference to the blurred picture is added.</param>
    /// <returns>A new image in memory; the caller disposes it.</returns>
    public Image Apply(Image image, float? amount)
    {
        if (image.Format != Enums.BandFormat.Uchar || image.Bands != Bands)
            throw new ArgumentException($"The filter takes 8-bit RGB; the picture has {image.Bands} bands of {image.Format}.", nameof(image));
        var output = new PixelBuffer(image.Width, image.Height);
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

    private void Run(byte* source, PixelBuffer output, float? amount)
    {
        int elements = output.Stride, reach = Reach, taps = (2 * reach) + 1, pad = reach * Bands;
        // Vector loops run over the end of a row by less than four vectors.
        int length = ((elements + (4 * Vector<float>.Count) - 1) / (4 * Vector<float>.Count) * 4 * Vector<float>.Count) + (2 * pad);
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)length * (nuint)(taps + 1) * sizeof(float), 64);
        byte[] row = GC.AllocateUninitializedArray<byte>(length);
        float*[] window = new float*[taps];
        try
        {
            new Span<float>(memory, length).Clear();
            float* column = memory + pad;
            for (int y = -reach; y < reach; y++)
                Widen(source + ((long)Math.Clamp(y, 0, output.Height - 1) * elements), Slot(y), elements);
            for (int y = 0; y < output.Height; y++)
            {
                Widen(source + ((long)Math.Min(y + reach, output.Height - 1) * elements), Slot(y + reach), elements);
                for (int i = 0; i < taps; i++)
                    window[i] = Slot(y - reach + i);
                Vertical(window, column, elements);
                for (int i = 1; i <= reach; i++)
                {
                    for (int band = 0; band < Bands; band++)
                    {
                        column[(-i * Bands) + band] = column[band];
                        column[elements + ((i - 1) * Bands) + band] = column[elements - Bands + band];
                    }
                }

                fixed (byte* bytes = row)
                {
                    Horizontal(column, window[reach], bytes, elements, amount);
                    Buffer.MemoryCopy(bytes, (byte*)output.Address + ((long)y * elements), elements, elements);
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }

        float* Slot(int y) => memory + ((long)length * (1 + ((y + reach) % taps)));
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Vertical(float*[] window, float* target, int elements)
    {
        int reach = Reach;
        for (int x = 0; x < elements; x += Vector<float>.Count)
        {
            Vector<float> sum = Vector.Load(window[reach] + x) * _half[0];
            for (int i = 1; i <= reach; i++)
                sum += (Vector.Load(window[reach - i] + x) + Vector.Load(window[reach + i] + x)) * _half[i];
            Vector.Store(sum, target + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Horizontal(float* column, float* center, byte* target, int elements, float? amount)
    {
        Vector<float> strength = new(amount ?? 0), top = new(255f), half = new(0.5f);
        bool sharpen = amount is not null;
        for (int x = 0; x < elements; x += Vector<byte>.Count)
        {
            Vector<ushort> low = Vector.Narrow(Pixel(x), Pixel(x + Vector<float>.Count));
            Vector<ushort> high = Vector.Narrow(Pixel(x + (2 * Vector<float>.Count)), Pixel(x + (3 * Vector<float>.Count)));
            Vector.Store(Vector.Narrow(low, high), target + x);
        }

        Vector<uint> Pixel(int x)
        {
            Vector<float> sum = Vector.Load(column + x) * _half[0];
            for (int i = 1; i < _half.Length; i++)
                sum += (Vector.Load(column + x - (i * Bands)) + Vector.Load(column + x + (i * Bands))) * _half[i];
            if (sharpen)
            {
                Vector<float> own = Vector.Load(center + x);
                sum = own + (strength * (own - sum));
            }

            sum = Vector.Min(Vector.Max(sum, Vector<float>.Zero), top) + half;
            return Vector.AsVectorUInt32(Vector.ConvertToInt32(sum));
        }
    }
}
