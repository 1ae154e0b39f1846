using System.Buffers;
using System.Runtime.InteropServices;

namespace Pipeline.Imaging.Hostile;

/// <summary>Fills the memory that a decoder will be given with one value, so that what depends on unwritten memory differs between two values.</summary>
/// <remarks>
/// glibc fills by itself, each block when it is given out and when it is freed, as GLIBC_TUNABLES says (<see cref="Tunables"/>). The rest is done before each photo:
/// blocks and arrays are taken, filled and given back, the pool of whole pictures among them.
/// </remarks>
internal static unsafe class HeapPattern
{
    private const long MostPictureBytes = 48 << 20;

    /// <summary>Gets the value of GLIBC_TUNABLES that makes every block start as the complement of a value. Small blocks come from a cache that skips it, so there is none.</summary>
    public static string Tunables(byte value) => $"glibc.malloc.perturb={value}:glibc.malloc.tcache_count=0";

    public static void Fill(byte value, PhotoHeader? header)
    {
        FillNative(value, 16, 64 << 10);
        FillNative(value, 4, 1 << 20);
        foreach (int length in (int[])[4 << 10, 90 << 10, 1 << 20])
        {
            FillPool(ArrayPool<byte>.Shared, length, value);
            FillPool(ArrayPool<ushort>.Shared, length, (ushort)(value * 257));
            new byte[length].AsSpan().Fill(value);
        }

        if (header is { Pixels: > 0 } && header.Pixels * 3 <= MostPictureBytes)
        {
            // Twice: the pool gives out a block that is up to a quarter larger than what is asked for.
            using PixelBuffer upright = new(header.Width, header.Height), larger = new(header.Width + header.Width / 8, header.Height);
            foreach (PixelBuffer picture in (PixelBuffer[])[upright, larger])
            {
                for (int y = 0; y < picture.Height; y++)
                    picture.Row(y).Fill(value);
            }

            FillNative(value, 2, (nuint)header.Pixels * 2);
        }
    }

    private static void FillNative(byte value, int count, nuint bytes)
    {
        nint* blocks = stackalloc nint[count];
        for (int i = 0; i < count; i++)
        {
            blocks[i] = (nint)NativeMemory.Alloc(bytes);
            NativeMemory.Fill((void*)blocks[i], bytes, value);
        }

        for (int i = 0; i < count; i++)
            NativeMemory.Free((void*)blocks[i]);
    }

    private static void FillPool<T>(ArrayPool<T> pool, int length, T value)
    {
        T[] first = pool.Rent(length), second = pool.Rent(length);
        Array.Fill(first, value);
        Array.Fill(second, value);
        pool.Return(first);
        pool.Return(second);
    }
}
