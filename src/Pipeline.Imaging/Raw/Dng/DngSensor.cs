namespace Pipeline.Imaging;

/// <summary>What the tags of a DNG file say about its sensor data, for the files that are read here.</summary>
/// <remarks>
/// Those are plain ones: one Bayer plane, 16 bits without compression or lossless JPEG, strips or tiles, nothing that would change the samples afterwards. Any
/// other tag or value means another decoder; a doubt never becomes a picture.
/// </remarks>
internal sealed record DngSensor
{
    private const int CfaPhotometric = 32803;
    private const int MaxSamples = 1_000_000_000;

    // Each would have to be applied to the samples.
    private static readonly ushort[] s_refused =
    [
        DngTag.LinearizationTable, DngTag.BlackLevelDeltaH, DngTag.BlackLevelDeltaV, DngTag.SubTileBlockSize, DngTag.RowInterleaveFactor,
        DngTag.ColumnInterleaveFactor, DngTag.OpcodeList1, DngTag.OpcodeList2, DngTag.OpcodeList3,
    ];

    private DngSensor()
    {
    }

    /// <summary>Gets the sensor image without its samples.</summary>
    public required SensorImage Image { get; init; }

    /// <summary>Gets the rows of samples in the file.</summary>
    public required int Rows { get; init; }

    /// <summary>Gets the strips or tiles, row by row.</summary>
    public required IReadOnlyList<DngBlock> Blocks { get; init; }

    /// <summary>Gets a value indicating whether the blocks are lossless JPEG streams.</summary>
    public required bool Compressed { get; init; }

    /// <summary>Gets a value indicating whether 16-bit values have their low byte first.</summary>
    public required bool LittleEndian { get; init; }

    /// <summary>Reads the tags.</summary>
    /// <param name="tiff">The directories.</param>
    /// <param name="orientation">The orientation of the file, 1 to 8.</param>
    /// <returns>Null when another decoder has to read the file.</returns>
    public static DngSensor? TryRead(TiffFile tiff, int orientation)
    {
        TiffDirectory main = tiff.Directories.Count > 0 ? tiff.Directories[0] : null!;
        if (main is null || !main.Has(TiffTag.DngVersion) || TiffLayout.MainPicture(tiff, raw: true) is not { } raw || !IsPlain(raw))
            return null;
        int width = raw.Width, height = raw.Height;
        long compression = raw.Integer(TiffTag.Compression) ?? 1;
        if (width < 16
            || height < 16
            || (long)width * height > MaxSamples
            || compression is not (1 or 7)
            || BlocksOf(raw, compression == 7) is not { } blocks)
            return null;
        if (ActiveArea(raw, width, height) is not [var top, var left, var bottom, var right] || ColorsOf(main) is not { } colors)
            return null;
        if (Pattern(raw) is not { } pattern
            || BlackLevels(raw) is not { } black
            || WhiteLevel(raw) is not { } white
            || black.Any(b => !(b >= 0 && b < white)))
            return null;
        return new DngSensor
        {
            Image = new SensorImage
            {
                Samples = default,
                RowStride = width,
                Left = (int)left,
                Top = (int)top,
                Width = (int)(right - left),
                Height = (int)(bottom - top),
                Pattern = pattern,
                BlackLevels = black,
                WhiteLevel = white,
                WhiteBalance = colors.Balance,
                CameraToSrgb = colors.Matrix,
                Orientation = orientation,
            },
            Rows = height,
            Blocks = blocks,
            Compressed = compression == 7,
            LittleEndian = tiff.LittleEndian,
        };
    }

    private static bool IsPlain(TiffDirectory raw) =>
        raw.Integer(TiffTag.Photometric) == CfaPhotometric
        && (raw.Integer(TiffTag.NewSubfileType) ?? 0) == 0
        && raw.Integers(TiffTag.BitsPerSample) is [16]
        && (raw.Integer(TiffTag.SamplesPerPixel) ?? 1) == 1
        && (raw.Integer(TiffTag.PlanarConfiguration) ?? 1) == 1
        && (raw.Integer(TiffTag.CfaLayout) ?? 1) == 1
        && (!raw.Has(TiffTag.CfaPlaneColor) || raw.Integers(TiffTag.CfaPlaneColor) is [0, 1, 2])
        && (!raw.Has(DngTag.DefaultScale) || raw.Reals(DngTag.DefaultScale) is [1, 1])
        && !s_refused.Any(raw.Has);

    // The pattern begins at the top left of the active area (DNG specification, CFAPattern and ActiveArea).
    private static BayerPattern? Pattern(TiffDirectory raw) =>
        raw.Integers(TiffTag.CfaRepeatPatternDim) is [2, 2]
            && raw.Bytes(TiffTag.CfaPattern, 4) is { Length: 4 } colors
            && !colors.Contains((byte)3)
            ? BayerPatterns.TryFrom(colors)
            : null;

    private static long[]? ActiveArea(TiffDirectory raw, int width, int height)
    {
        if (!raw.Has(DngTag.ActiveArea))
            return [0, 0, height, width];
        return raw.Integers(DngTag.ActiveArea) is [var top, var left, var bottom, var right] area
            && top >= 0 && left >= 0 && bottom <= height && right <= width && bottom - top >= 16 && right - left >= 16
            ? area
            : null;
    }

    private static float[]? BlackLevels(TiffDirectory raw)
    {
        if (!raw.Has(TiffTag.BlackLevel))
            return [0, 0, 0, 0];
        long[] repeat = raw.Has(TiffTag.BlackLevelRepeatDim) ? raw.Integers(TiffTag.BlackLevelRepeatDim) ?? [] : [1, 1];
        if (raw.Reals(TiffTag.BlackLevel) is not { } levels || !levels.All(double.IsFinite))
            return null;
        return (repeat, levels) switch
        {
            ([1, 1], [var one]) => [(float)one, (float)one, (float)one, (float)one],
            ([2, 2], [var a, var b, var c, var d]) => [(float)a, (float)b, (float)c, (float)d],
            _ => null,
        };
    }

    private static float? WhiteLevel(TiffDirectory raw)
    {
        if (!raw.Has(TiffTag.WhiteLevel))
            return ushort.MaxValue;
        return raw.Reals(TiffTag.WhiteLevel) is [> 0 and <= ushort.MaxValue and var level] ? (float)level : null;
    }

    // With two matrices the one for daylight would have to be chosen or mixed: LibRaw does that.
    private static (float[] Balance, float[] Matrix)? ColorsOf(TiffDirectory main)
    {
        if (main.Has(DngTag.ColorMatrix2)
            || main.Has(DngTag.CameraCalibration1)
            || (main.Has(DngTag.AnalogBalance) && main.Reals(DngTag.AnalogBalance) is not [1, 1, 1]))
            return null;
        if (main.Reals(TiffTag.ColorMatrix1) is not { Length: 9 } matrix
            || !matrix.All(double.IsFinite)
            || CameraMatrix.ToSrgb(matrix) is not { } toSrgb)
            return null;
        if (main.Reals(TiffTag.AsShotNeutral) is not { Length: 3 } neutral || !neutral.All(n => n is > 1e-3 and < 1e3))
            return null;
        return ([(float)(1 / neutral[0]), (float)(1 / neutral[1]), (float)(1 / neutral[2])], toSrgb);
    }

    private static DngBlock[]? BlocksOf(TiffDirectory raw, bool compressed)
    {
        bool tiles = raw.Has(TiffTag.TileOffsets);
        long blockWidth = tiles ? raw.Integer(TiffTag.TileWidth) ?? 0 : raw.Width;
        long blockHeight = tiles
            ? raw.Integer(TiffTag.TileLength) ?? 0
            : Math.Min(raw.Integer(TiffTag.RowsPerStrip) ?? raw.Height, raw.Height);
        if (tiles == raw.Has(TiffTag.StripOffsets) || blockWidth is < 1 or > 65535 || blockHeight is < 1 or > 65535)
            return null;
        long across = (raw.Width + blockWidth - 1) / blockWidth, down = (raw.Height + blockHeight - 1) / blockHeight;
        if (raw.Integers(tiles ? TiffTag.TileOffsets : TiffTag.StripOffsets) is not { } offsets || offsets.Length != across * down)
            return null;
        if (raw.Integers(tiles ? TiffTag.TileByteCounts : TiffTag.StripByteCounts) is not { } counts || counts.Length != offsets.Length)
            return null;
        // A compressed block is in memory twice, in one array.
        int mostBytes = (compressed ? int.MaxValue / 2 : int.MaxValue) - 64;
        DngBlock[] blocks = new DngBlock[offsets.Length];
        for (int i = 0; i < blocks.Length; i++)
        {
            int left = (int)(i % across * blockWidth), top = (int)(i / across * blockHeight);
            // The last strip is shorter; tiles are all of one size and filled up.
            int rows = (int)(tiles ? blockHeight : Math.Min(blockHeight, raw.Height - top));
            blocks[i] = new DngBlock(left, top, (int)blockWidth, rows, offsets[i], counts[i]);
            bool whole = counts[i] == blockWidth * rows * sizeof(ushort);
            if (offsets[i] <= 0 || counts[i] <= 0 || counts[i] > mostBytes || (!compressed && !whole))
                return null;
        }

        return blocks;
    }
}
