namespace Pipeline.Cases.Tests;

/// <summary>Makes TIFF files of the quadrants, with every way to store samples open to be chosen, wrong ones too.</summary>
internal sealed record TiffPicture
{
    public int Width { get; init; } = 192;

    public int Height { get; init; } = 128;

    public int Bits { get; init; } = 8;

    /// <summary>Gets the tag SampleFormat: 1 unsigned, 2 signed, 3 float, 4 undefined, 5 complex signed, 6 complex float; 0 for no tag.</summary>
    public int SampleFormat { get; init; }

    public int Photometric { get; init; } = 2;

    /// <summary>Gets the tag ExtraSamples; empty for no tag.</summary>
    public int[] Extra { get; init; } = [];

    public bool IsTiled { get; init; }

    public bool IsPlanar { get; init; }

    public int Compression { get; init; } = 1;

    /// <summary>Gets how a block is compressed; null to store it as it is.</summary>
    public Func<byte[], byte[]>? Compress { get; init; }

    /// <summary>Gets the number of the block that is spoiled; -1 for none.</summary>
    public int Spoiled { get; init; } = -1;

    /// <summary>Gets how it is spoiled.</summary>
    public Func<byte[], byte[]> Spoil { get; init; } = static block => [.. block[..(block.Length / 3)], .. new byte[block.Length / 3], .. block[(block.Length / 3 * 2)..]];

    /// <summary>Gets the samples of a color as numbers of 0 to 1, extra ones included.</summary>
    public Func<byte, byte, byte, double[]> Samples { get; init; } = static (r, g, b) => [r / 255.0, g / 255.0, b / 255.0];

    /// <summary>Gets how a number of 0 to 1 is stored; null for what the bits and the sample format say.</summary>
    public Func<double, byte[]>? Store { get; init; }

    public TiffFolder Folder()
    {
        int samples = Samples(0, 0, 0).Length, size = IsTiled ? 64 : 32;
        List<byte[]> blocks = [];
        for (int plane = 0; plane < (IsPlanar ? samples : 1); plane++)
        {
            for (int top = 0; top < Height; top += size)
            {
                for (int left = 0; left < (IsTiled ? Width : 1); left += size)
                    blocks.Add(Block(left, top, IsTiled ? size : Width, size, plane));
            }
        }

        for (int i = 0; i < blocks.Count; i++)
        {
            blocks[i] = Compress?.Invoke(blocks[i]) ?? blocks[i];
            if (i == Spoiled)
                blocks[i] = Spoil(blocks[i]);
        }

        TiffFolder folder = new TiffFolder().Set(254, TiffValue.Long(0)).Set(256, TiffValue.Long((uint)Width)).Set(257, TiffValue.Long((uint)Height))
            .Set(258, TiffValue.Short([.. Enumerable.Repeat(Bits, samples)])).Set(259, TiffValue.Short(Compression)).Set(262, TiffValue.Short(Photometric))
            .Set(277, TiffValue.Short(samples)).Set(284, TiffValue.Short(IsPlanar ? 2 : 1));
        if (SampleFormat > 0)
            folder.Set(339, TiffValue.Short([.. Enumerable.Repeat(SampleFormat, samples)]));
        if (Extra.Length > 0)
            folder.Set(338, TiffValue.Short(Extra));
        return IsTiled
            ? folder.Set(322, TiffValue.Long((uint)size)).Set(323, TiffValue.Long((uint)size)).SetBlocks(324, 325, [.. blocks])
            : folder.Set(278, TiffValue.Long((uint)size)).SetBlocks(273, 279, [.. blocks]);
    }

    public byte[] Write(Action<TiffFolder>? change = null)
    {
        TiffFolder folder = Folder();
        change?.Invoke(folder);
        return TiffFileMaker.Write(folder);
    }

    private byte[] Block(int left, int top, int width, int height, int plane)
    {
        using MemoryStream block = new();
        for (int y = top; y < top + height; y++)
        {
            for (int x = left; x < left + width; x++)
            {
                (byte r, byte g, byte b) = Mosaic.QuadrantAt(Math.Min(x, Width - 1), Math.Min(y, Height - 1), Width, Height);
                double[] samples = Samples(r, g, b);
                foreach (double sample in IsPlanar ? samples.AsSpan(plane, 1) : samples)
                    block.Write(Store?.Invoke(sample) ?? StoreNumber(sample));
            }
        }

        return block.ToArray();
    }

    private byte[] StoreNumber(double value) => (SampleFormat, Bits) switch
    {
        (3, 16) => BitConverter.GetBytes((Half)value),
        (3, 32) => BitConverter.GetBytes((float)value),
        (3, _) => BitConverter.GetBytes(value),
        (2, 8) => [(byte)(sbyte)Math.Round(value * 127)],
        (2, 16) => BitConverter.GetBytes((short)Math.Round(value * short.MaxValue)),
        (2, _) => BitConverter.GetBytes((int)Math.Round(value * int.MaxValue)),
        (5, _) => [.. BitConverter.GetBytes((short)Math.Round(value * short.MaxValue)), 0, 0],
        (6, _) => [.. BitConverter.GetBytes((float)value), 0, 0, 0, 0],
        (_, 8) => [(byte)Math.Round(value * 255)],
        (_, 16) => BitConverter.GetBytes((ushort)Math.Round(value * ushort.MaxValue)),
        _ => BitConverter.GetBytes((uint)Math.Round(value * uint.MaxValue)),
    };
}
