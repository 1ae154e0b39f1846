namespace Pipeline.Imaging.Hostile;

/// <summary>Makes DNG files by hand: a camera with the primaries of sRGB, strips or tiles, plain or lossless JPEG.</summary>
internal sealed record Dng
{
    /// <summary>XYZ to linear sRGB, D65 (IEC 61966-2-1).</summary>
    private static readonly double[] s_matrix = [3.2405, -1.5371, -0.4985, -0.9693, 1.876, 0.0416, 0.0556, -0.204, 1.0572];

    public required int[][] Rows { get; init; }

    public int Black { get; init; }

    public int White { get; init; } = 65535;

    public bool IsTiled { get; init; }

    /// <summary>Gets the width of tiles; 0 for the whole width.</summary>
    public int BlockWidth { get; init; }

    /// <summary>Gets the height of tiles or strips; 0 for the whole height.</summary>
    public int BlockHeight { get; init; }

    /// <summary>Gets how blocks are compressed; null for plain samples of 16 bits.</summary>
    public LosslessJpeg? Codec { get; init; }

    public bool IsBigEndian { get; init; }

    /// <summary>Gets the blocks that are stored instead of the right ones; null for the right ones.</summary>
    public IReadOnlyList<byte[]>? Blocks { get; init; }

    /// <summary>Gets the neutral of the camera; null for that of waves.</summary>
    public IReadOnlyList<double> Neutral { get; init; } = [1, 1, 1];

    public TiffFolder Folder()
    {
        int width = Rows[0].Length, height = Rows.Length;
        int blockWidth = IsTiled && BlockWidth > 0 ? BlockWidth : width, blockHeight = BlockHeight > 0 ? BlockHeight : height;
        byte[][] blocks = Blocks is { } given ? [.. given] : [.. MakeBlocks(width, height, blockWidth, blockHeight)];
        TiffFolder folder = new TiffFolder()
            .Set(254, TiffValue.Long(0)).Set(256, TiffValue.Long((uint)width)).Set(257, TiffValue.Long((uint)height)).Set(258, TiffValue.Short(16))
            .Set(259, TiffValue.Short(Codec is null ? 1 : 7)).Set(262, TiffValue.Short(32803)).Set(271, TiffValue.Ascii("Synth")).Set(272, TiffValue.Ascii("Cam"))
            .Set(274, TiffValue.Short(1)).Set(277, TiffValue.Short(1)).Set(284, TiffValue.Short(1)).Set(33421, TiffValue.Short(2, 2)).Set(33422, TiffValue.Byte(0, 1, 1, 2))
            .Set(50706, TiffValue.Byte(1, 4, 0, 0)).Set(50707, TiffValue.Byte(1, 1, 0, 0)).Set(50708, TiffValue.Ascii("Synth Cam"))
            .Set(50710, TiffValue.Byte(0, 1, 2)).Set(50711, TiffValue.Short(1)).Set(50714, TiffValue.Long((uint)Black)).Set(50717, TiffValue.Long((uint)White))
            .Set(50721, TiffValue.SignedRational(s_matrix)).Set(50728, TiffValue.Rational([.. Neutral])).Set(50778, TiffValue.Short(21));
        if (IsTiled)
            folder.Set(322, TiffValue.Long((uint)blockWidth)).Set(323, TiffValue.Long((uint)blockHeight)).SetBlocks(324, 325, blocks);
        else
            folder.Set(278, TiffValue.Long((uint)blockHeight)).SetBlocks(273, 279, blocks);
        return folder;
    }

    public byte[] Write(Action<TiffFolder>? change = null)
    {
        TiffFolder folder = Folder();
        change?.Invoke(folder);
        return TiffFileMaker.Write(folder, IsBigEndian);
    }

    public static byte[] Plain(int[][] rows, bool isBigEndian) =>
        [.. rows.SelectMany(static row => row).SelectMany(value => isBigEndian ? new[] { (byte)(value >> 8), (byte)value } : [(byte)value, (byte)(value >> 8)])];

    private IEnumerable<byte[]> MakeBlocks(int width, int height, int blockWidth, int blockHeight)
    {
        for (int top = 0; top < height; top += blockHeight)
        {
            for (int left = 0; left < width; left += blockWidth)
            {
                int[][] part = Mosaic.Cut(Rows, left, top, blockWidth, IsTiled ? blockHeight : Math.Min(blockHeight, height - top));
                yield return Codec is { } codec ? (blockWidth % codec.Components == 0 ? codec : codec with { Components = 1 }).Write(part) : Plain(part, IsBigEndian);
            }
        }
    }
}
