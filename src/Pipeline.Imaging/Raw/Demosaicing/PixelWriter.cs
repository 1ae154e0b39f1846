using System.Runtime.CompilerServices;

namespace Pipeline.Imaging;

/// <summary>Last step of a row: 8-bit sRGB bytes, at the place where the orientation puts them.</summary>
/// <remarks>
/// Orientations 1 to 4 keep rows as rows, so the bytes go straight to their place. 5 to 8 turn rows into columns: rows are collected in a strip and written as
/// short runs, because single pixels down a column would touch a new cache line and memory page each.
/// </remarks>
internal sealed unsafe class PixelWriter
{
    /// <summary>Rows in a strip: runs of 96 bytes in the target, and a strip that fits the second level cache.</summary>
    public const int StripRows = 32;

    private const int PixelBytes = 3;
    private readonly byte* _target;
    private readonly byte* _strip;
    private readonly int _width;
    private readonly int _height;
    private readonly int _orientation;
    private int _stripFirst;
    private int _stripCount;

    /// <summary>Initializes a new instance of the <see cref="PixelWriter"/> class.</summary>
    /// <param name="target">The whole picture, oriented, row-major, 3 bytes per pixel.</param>
    /// <param name="strip">Memory of <see cref="StripBytes"/>.</param>
    /// <param name="width">Pixels in a row before orientation.</param>
    /// <param name="height">Rows before orientation.</param>
    /// <param name="orientation">EXIF orientation, 1 to 8.</param>
    public PixelWriter(byte* target, byte* strip, int width, int height, int orientation)
    {
        _target = target;
        _strip = strip;
        _width = width;
        _height = height;
        _orientation = orientation;
    }

    /// <summary>Gets a value indicating whether an orientation turns rows into columns.</summary>
    public static bool Transposes(int orientation) => orientation >= 5;

    /// <summary>Gets the bytes of strip memory that a writer needs.</summary>
    public static int StripBytes(int width, int orientation) => Transposes(orientation) ? StripPitch(width) * StripRows : 0;

    /// <summary>Writes one row; rows come in ascending order without gaps.</summary>
    /// <param name="row">The row before orientation.</param>
    /// <param name="even">Pixels 0, 2, 4 ...</param>
    /// <param name="odd">Pixels 1, 3, 5 ...</param>
    public void Write(int row, Planes even, Planes odd) => Write(row, even, odd, 1);

    /// <summary>Writes one row; rows come in ascending order without gaps.</summary>
    /// <param name="row">The row before orientation.</param>
    /// <param name="pixels">All pixels of the row.</param>
    public void Write(int row, Planes pixels) => Write(row, pixels, new Planes(pixels.Red + 1, pixels.Green + 1, pixels.Blue + 1), 2);

    /// <summary>Writes what is still in the strip; called once behind the last row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Flush()
    {
        if (_stripCount == 0)
            return;
        bool fromRight = _orientation is 6 or 7, fromBottom = _orientation is 7 or 8;
        // In a mirrored strip the last row comes first.
        nint pitch = StripPitch(_width), step = fromRight ? -pitch : pitch;
        byte* first = fromRight ? _strip + (pitch * (_stripCount - 1)) : _strip;
        int column = fromRight ? _height - _stripFirst - _stripCount : _stripFirst;
        for (int x = 0; x < _width; x++)
        {
            byte* to = _target + ((((nint)(fromBottom ? _width - 1 - x : x) * _height) + column) * PixelBytes);
            byte* from = first + (x * PixelBytes);
            byte* last = to + ((nint)(_stripCount - 1) * PixelBytes);
            // Four bytes at once; the fourth is overwritten by the next pixel, so the last one goes without.
            for (; to != last; to += PixelBytes, from += step)
                *(uint*)to = *(uint*)from;
            *(ushort*)to = *(ushort*)from;
            to[2] = from[2];
        }

        _stripCount = 0;
    }

    // An odd number of cache lines: the rows of a strip then do not all fall into the same sets of the cache.
    private static int StripPitch(int width) => ((((width * PixelBytes) + 64) >> 6) | 1) << 6;

    private void Write(int row, Planes even, Planes odd, int advance)
    {
        if (!Transposes(_orientation))
        {
            bool mirrored = _orientation is 2 or 3, upsideDown = _orientation is 3 or 4;
            byte* line = _target + ((nint)(upsideDown ? _height - 1 - row : row) * _width * PixelBytes);
            if (mirrored)
                Encode(even, odd, advance, line + ((nint)(_width - 1) * PixelBytes), -PixelBytes);
            else
                Encode(even, odd, advance, line, PixelBytes);
            return;
        }

        if (_stripCount == 0)
            _stripFirst = row;
        Encode(even, odd, advance, _strip + ((nint)_stripCount * StripPitch(_width)), PixelBytes);
        if (++_stripCount == StripRows)
            Flush();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Encode(Planes even, Planes odd, int advance, byte* to, int step)
    {
        fixed (byte* table = ToneTable.Srgb)
        {
            int pairs = _width / 2;
            for (int i = 0; i < pairs; i++)
            {
                Encode(table, even, i * advance, to);
                Encode(table, odd, i * advance, to + step);
                to += 2 * step;
            }

            if ((_width & 1) != 0)
                Encode(table, even, pairs * advance, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Encode(byte* table, Planes planes, int at, byte* to)
    {
        to[0] = table[planes.Red[at]];
        to[1] = table[planes.Green[at]];
        to[2] = table[planes.Blue[at]];
    }
}
