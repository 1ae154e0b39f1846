namespace Pipeline.Imaging;

/// <summary>The last few rows of one kind, in memory that is used in turn.</summary>
/// <remarks>The row pointers point at column 0; <see cref="Margin"/> samples before it and as many behind its end may be touched.</remarks>
internal readonly unsafe struct RowRing
{
    /// <summary>Samples in front of and behind each row: what the kernels reach over the border, plus one vector that may run over.</summary>
    public const int Margin = 48;

    private readonly short* _first;
    private readonly int _stride;
    private readonly int _mask;

    private RowRing(short* first, int stride, int rows)
    {
        _first = first + Margin;
        _stride = stride;
        _mask = rows - 1;
    }

    /// <summary>Gets a row by its number; numbers may be negative.</summary>
    public short* this[int row] => _first + ((nint)(row & _mask) * _stride);

    /// <summary>Gets the samples from one row to the next for rows of a length, so that each row starts on a cache line.</summary>
    public static int StrideFor(int length) => (length + (2 * Margin) + 31) & ~31;

    /// <summary>Cuts a ring off the front of a block.</summary>
    /// <param name="block">The block; moved on behind the ring.</param>
    /// <param name="stride">Samples from row to row.</param>
    /// <param name="rows">How many rows it holds; a power of two.</param>
    public static RowRing Take(ref short* block, int stride, int rows)
    {
        RowRing ring = new(block, stride, rows);
        block += (nint)stride * rows;
        return ring;
    }
}
