using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pipeline.Imaging.LibRaw.Develop;

/// <summary>
/// Develops Bayer sensor data to 8-bit sRGB in one pass over the rows: black subtraction, white balance, demosaicing (patterned pixel grouping), camera
/// matrix, tone curve, orientation. Single-threaded, deterministic, with a few rows of working memory.
/// </summary>
internal static unsafe class BayerDeveloper
{
    // Turned pictures are written in blocks of this many source rows, so that each of their cache lines is filled while it is in the cache.
    private const int BlockRows = 16;

    /// <summary>Makes the picture at full size.</summary>
    /// <param name="sensor">The sensor data.</param>
    /// <param name="cancellationToken">Looked at every few rows.</param>
    /// <returns>The upright picture; the caller disposes it.</returns>
    public static PixelBuffer Full(BayerSensor sensor, CancellationToken cancellationToken)
    {
        using var rows = new SensorRows(sensor);
        var colors = new ColorRows(sensor.Width, sensor.ToSrgb);
        return Write(sensor.Width, sensor.Height, sensor.Flip, (y, target) =>
        {
            rows.Advance(y);
            Interpolate(sensor, rows, y, colors);
            colors.Encode(target);
        }, cancellationToken);
    }

    /// <summary>Makes the picture at half size: one pixel of each 2 x 2 block.</summary>
    /// <param name="sensor">The sensor data.</param>
    /// <param name="cancellationToken">Looked at every few rows.</param>
    /// <returns>The upright picture; the caller disposes it.</returns>
    public static PixelBuffer Half(BayerSensor sensor, CancellationToken cancellationToken)
    {
        int width = (sensor.Width + 1) / 2, height = (sensor.Height + 1) / 2;
        var colors = new ColorRows(width, sensor.ToSrgb);
        float[] light = GC.AllocateUninitializedArray<float>(2 * (sensor.Width + 1));
        int red = Array.IndexOf(sensor.Colors, 0), blue = Array.IndexOf(sensor.Colors, 2);
        int green = Array.IndexOf(sensor.Colors, 1), secondGreen = Array.LastIndexOf(sensor.Colors, 1), pitch = sensor.Width + 1;
        return Write(width, height, sensor.Flip, (y, target) =>
        {
            fixed (float* rows = light)
            {
                for (int i = 0; i < 2; i++)
                {
                    // An odd last row or column is completed by the one before its neighbor: the same color.
                    int from = (2 * y) + i < sensor.Height ? (2 * y) + i : (2 * y) + i - 2;
                    SensorRows.LoadLight(sensor, from, rows + (i * pitch));
                    if (sensor.Width % 2 != 0)
                        rows[(i * pitch) + sensor.Width] = rows[(i * pitch) + sensor.Width - 2];
                }

                float* r = rows + Place(red), g = rows + Place(green), g2 = rows + Place(secondGreen), b = rows + Place(blue);
                colors.SetBlocks(r, g, g2, b);
            }

            colors.Encode(target);
        }, cancellationToken);

        int Place(int position) => ((position >> 1) * pitch) + (position & 1);
    }

    private delegate void MakeRow(int y, byte* target);

    // Red and blue come from the color differences around: their mean beside and above green, on the other sites the mean along the diagonal that changes less.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Interpolate(BayerSensor sensor, SensorRows rows, int y, ColorRows colors)
    {
        int first = 2 * (y & 1);
        bool evenIsGreen = sensor.Colors[first] == 1;
        int own = sensor.Colors[evenIsGreen ? first + 1 : first];
        Vector<int> isGreen = evenIsGreen ? SensorRows.EvenLanes() : ~SensorRows.EvenLanes();
        var half = new Vector<float>(0.5f);
        float* green = rows.Green(y), above = rows.Green(y - 1), below = rows.Green(y + 1);
        float* row = rows.Difference(y), up = rows.Difference(y - 1), down = rows.Difference(y + 1);
        float* ownOut = own == 0 ? colors.Red : colors.Blue, otherOut = own == 0 ? colors.Blue : colors.Red;
        for (int x = 0; x < sensor.Width; x += Vector<float>.Count)
        {
            Vector<float> g = Vector.Load(green + x);
            Vector<float> beside = (Vector.Load(row + x - 1) + Vector.Load(row + x + 1)) * half;
            Vector<float> vertical = (Vector.Load(up + x) + Vector.Load(down + x)) * half;
            Vector<float> upLeft = Vector.Load(up + x - 1), upRight = Vector.Load(up + x + 1), downLeft = Vector.Load(down + x - 1), downRight = Vector.Load(down + x + 1);
            Vector<float> g1 = Vector.Load(above + x - 1), g2 = Vector.Load(above + x + 1), g3 = Vector.Load(below + x - 1), g4 = Vector.Load(below + x + 1);
            Vector<float> falling = Vector.Abs(upLeft + g1 - downRight - g4) + Vector.Abs(g1 - g) + Vector.Abs(g4 - g);
            Vector<float> rising = Vector.Abs(upRight + g2 - downLeft - g3) + Vector.Abs(g2 - g) + Vector.Abs(g3 - g);
            Vector<float> diagonal = Vector.ConditionalSelect(Vector.LessThan(falling, rising), upLeft + downRight, upRight + downLeft) * half;
            // Within the range of the sensor, or overshoot at a bright edge would pass through the matrix into the other colors.
            Vector.Store(Clip(g + Vector.ConditionalSelect(isGreen, beside, Vector.Load(row + x))), ownOut + x);
            Vector.Store(Clip(g + Vector.ConditionalSelect(isGreen, vertical, diagonal)), otherOut + x);
            Vector.Store(g, colors.Green + x);
        }
    }

    private static Vector<float> Clip(Vector<float> light) => Vector.Min(Vector.Max(light, Vector<float>.Zero), Vector<float>.One);

    private static PixelBuffer Write(int width, int height, int flip, MakeRow make, CancellationToken cancellationToken)
    {
        bool swap = (flip & 4) != 0;
        var pixels = swap ? new PixelBuffer(height, width) : new PixelBuffer(width, height);
        byte* block = null;
        try
        {
            byte* target = (byte*)pixels.Address;
            if (flip == 0)
            {
                for (int y = 0; y < height; y++)
                {
                    if ((y & 63) == 0)
                        cancellationToken.ThrowIfCancellationRequested();
                    make(y, target + ((long)y * pixels.Stride));
                }

                return pixels;
            }

            int stride = width * 3;
            block = (byte*)NativeMemory.Alloc((nuint)(BlockRows * stride));
            for (int top = 0; top < height; top += BlockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int rows = Math.Min(BlockRows, height - top);
                for (int i = 0; i < rows; i++)
                    make(top + i, block + (i * stride));
                Place(block, stride, top, rows, width, height, flip, pixels);
            }

            return pixels;
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
        finally
        {
            NativeMemory.Free(block);
        }
    }

    // LibRaw's flip says from where an output pixel comes: swap row and column (4), then mirror rows (2) and columns (1) of the source. Here the
    // inverse: where a source pixel goes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Place(byte* block, int stride, int top, int rows, int width, int height, int flip, PixelBuffer pixels)
    {
        byte* target = (byte*)pixels.Address;
        bool swap = (flip & 4) != 0;
        for (int x = 0; x < width; x++)
        {
            int column = (flip & 1) != 0 ? width - 1 - x : x;
            for (int i = 0; i < rows; i++)
            {
                int row = (flip & 2) != 0 ? height - 1 - (top + i) : top + i;
                byte* to = target + (swap ? ((long)column * pixels.Stride) + (row * 3) : ((long)row * pixels.Stride) + (column * 3));
                byte* from = block + (i * stride) + (x * 3);
                to[0] = from[0];
                to[1] = from[1];
                to[2] = from[2];
            }
        }
    }
}
