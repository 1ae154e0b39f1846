namespace Pipeline.Imaging.Hostile;

/// <summary>A Huffman table for differences: how many codes there are of each length, and the categories that they stand for.</summary>
internal sealed class DifferenceCodes
{
    private readonly (uint Code, int Bits)[] _codes = new (uint, int)[256];

    public DifferenceCodes(byte[] counts, byte[] symbols)
    {
        (Counts, Symbols) = (counts, symbols);
        uint code = 0;
        int next = 0;
        for (int bits = 1; bits <= 16; bits++, code <<= 1)
        {
            for (int i = 0; i < counts[bits - 1]; i++)
                _codes[symbols[next++]] = (code++, bits);
        }
    }

    /// <summary>Gets a table with all 17 categories.</summary>
    public static DifferenceCodes All { get; } = new([0, 1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0], [.. Enumerable.Range(0, 17).Select(static i => (byte)i)]);

    /// <summary>Gets the table of Nikon's lossless 14-bit files, which Canon's files can carry too.</summary>
    public static DifferenceCodes Nikon { get; } = new([0, 1, 4, 2, 2, 3, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0], [7, 6, 8, 5, 9, 4, 10, 3, 11, 12, 2, 0, 1, 13, 14]);

    public byte[] Counts { get; }

    public byte[] Symbols { get; }

    public void Put(BitPacker target, int difference)
    {
        int category = difference == -32768 ? 16 : 32 - int.LeadingZeroCount(Math.Abs(difference));
        target.Put(_codes[category].Code, _codes[category].Bits);
        if (category is > 0 and < 16)
            target.Put((uint)(difference >= 0 ? difference : difference + (1 << category) - 1), category);
    }
}
