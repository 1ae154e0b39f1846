namespace Pipeline.Imaging.Hostile;

/// <summary>Makes lossless JPEG streams as DNG holds them, with every field of the header open to be set wrongly.</summary>
internal sealed record LosslessJpeg
{
    public int Components { get; init; } = 2;

    public int Precision { get; init; } = 14;

    public int Predictor { get; init; } = 1;

    public int PointTransform { get; init; }

    /// <summary>Gets the columns between restart markers; 0 for none.</summary>
    public int Restart { get; init; }

    public byte FrameMarker { get; init; } = 0xC3;

    public byte Sampling { get; init; } = 0x11;

    public DifferenceCodes? Table { get; init; } = DifferenceCodes.All;

    /// <summary>Gets what the header says instead of the true width in columns; 0 for the truth.</summary>
    public int StatedWidth { get; init; }

    /// <inheritdoc cref="StatedWidth"/>
    public int StatedHeight { get; init; }

    /// <summary>Gets bytes that are put after the start of the picture.</summary>
    public byte[] Extra { get; init; } = [];

    public byte[] Write(int[][] rows)
    {
        int height = rows.Length, columns = rows[0].Length / Components;
        List<byte> stream = [0xFF, 0xD8, .. Extra];
        if (Table is { } table)
            stream.AddRange([0xFF, 0xC4, .. Short(2 + 17 + table.Symbols.Length), 0, .. table.Counts, .. table.Symbols]);
        stream.AddRange([0xFF, FrameMarker, .. Short(8 + 3 * Components), (byte)Precision, .. Short(StatedHeight > 0 ? StatedHeight : height), .. Short(StatedWidth > 0 ? StatedWidth : columns), (byte)Components]);
        for (int c = 1; c <= Components; c++)
            stream.AddRange([(byte)c, Sampling, 0]);
        if (Restart > 0)
            stream.AddRange([0xFF, 0xDD, 0, 4, .. Short(Restart)]);
        stream.AddRange([0xFF, 0xDA, .. Short(6 + 2 * Components), (byte)Components]);
        for (int c = 1; c <= Components; c++)
            stream.AddRange([(byte)c, 0]);
        stream.AddRange([(byte)Predictor, 0, (byte)PointTransform, .. Entropy(rows, columns), 0xFF, 0xD9]);
        return [.. stream];
    }

    private static byte[] Short(int value) => [(byte)(value >> 8), (byte)value];

    private byte[] Entropy(int[][] rows, int columns)
    {
        BitPacker bits = new(stuffs: true);
        DifferenceCodes codes = Table ?? DifferenceCodes.All;
        int count = 0, marker = 0, firstRow = 0;
        for (int y = 0; y < rows.Length; y++)
        {
            for (int x = 0; x < columns; x++, count++)
            {
                bool starts = count == 0;
                if (Restart > 0 && count > 0 && count % Restart == 0)
                {
                    bits.Marker((byte)(0xD0 + (marker++ & 7)));
                    starts = true;
                }

                if (starts)
                    firstRow = y;
                for (int c = 0; c < Components; c++)
                {
                    int At(int row, int column) => rows[row][column * Components + c] >> PointTransform;
                    int guess = starts ? 1 << (Precision - PointTransform - 1)
                        : y == firstRow && x > 0 ? At(y, x - 1)
                        : x == 0 ? At(y - 1, 0)
                        : Guess(At(y, x - 1), At(y - 1, x), At(y - 1, x - 1));
                    codes.Put(bits, (short)(At(y, x) - guess));
                }
            }
        }

        return bits.ToArray();
    }

    private int Guess(int left, int above, int corner) => Predictor switch
    {
        1 => left,
        2 => above,
        3 => corner,
        4 => left + above - corner,
        5 => left + ((above - corner) >> 1),
        6 => above + ((left - corner) >> 1),
        7 => (left + above) >> 1,
        _ => 0,
    };
}
