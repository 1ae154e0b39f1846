namespace Pipeline.Imaging.Developing;

/// <summary>A Huffman code of lossless JPEG (ITU-T T.81, annex C and H.1.2.2), decoded by one look-up of as many bits as its longest code has.</summary>
internal sealed class HuffmanTable
{
    private const int LongestCode = 16;
    private const int Categories = 17;

    private HuffmanTable(ushort[] entries, int bits)
    {
        Entries = entries;
        Bits = bits;
    }

    /// <summary>Gets, for each pattern of <see cref="Bits"/> bits, the category in the high byte and the length of its code in the low one; 0 for a pattern that is no code.</summary>
    public ushort[] Entries { get; }

    /// <summary>Gets the length of the longest code.</summary>
    public int Bits { get; }

    /// <summary>Builds the table from a DHT segment.</summary>
    /// <param name="counts">How many codes there are of each length, 1 to 16.</param>
    /// <param name="symbols">The categories in the order of their codes.</param>
    /// <returns>Null when the counts do not make a prefix code or a category is above 16.</returns>
    public static HuffmanTable? TryBuild(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        int bits = LongestCode;
        while (bits > 1 && counts[bits - 1] == 0)
            bits--;
        ushort[] entries = new ushort[1 << bits];
        int at = 0, symbol = 0;
        for (int length = 1; length <= bits; length++)
        {
            int span = 1 << (bits - length);
            for (int i = 0; i < counts[length - 1]; i++, at += span)
            {
                if (symbol >= symbols.Length || symbols[symbol] >= Categories || at + span > entries.Length)
                    return null;
                entries.AsSpan(at, span).Fill((ushort)((symbols[symbol++] << 8) | length));
            }
        }

        return symbol == 0 ? null : new HuffmanTable(entries, bits);
    }
}
