namespace Pipeline.Imaging;

/// <summary>A Huffman code of lossless JPEG (ITU-T T.81, annex C and H.1.2.2), decoded by one look-up of as many bits as its longest code has.</summary>
internal sealed class HuffmanTable
{
    private const int LongestCode = 16;
    private const int Categories = 17;

    private HuffmanTable(ushort[] entries, int bits, int longestDifference)
    {
        Entries = entries;
        Bits = bits;
        LongestDifference = longestDifference;
    }

    /// <summary>Gets the entry for each pattern of <see cref="Bits"/> bits; 0 for a pattern that is no code.</summary>
    /// <value>Bits 0 to 4: the length of the code; 5 to 9: the category; 10 to 15: how many bits code and difference take together.</value>
    public ushort[] Entries { get; }

    /// <summary>Gets the length of the longest code.</summary>
    public int Bits { get; }

    /// <summary>Gets the most bits that one difference takes, its code included.</summary>
    public int LongestDifference { get; }

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
        int at = 0, symbol = 0, longest = 0;
        for (int length = 1; length <= bits; length++)
        {
            int span = 1 << (bits - length);
            for (int i = 0; i < counts[length - 1]; i++, at += span)
            {
                if (symbol >= symbols.Length || symbols[symbol] >= Categories || at + span > entries.Length)
                    return null;
                int category = symbols[symbol++], total = length + (category == 16 ? 0 : category);
                longest = Math.Max(longest, total);
                entries.AsSpan(at, span).Fill((ushort)(length | (category << 5) | (total << 10)));
            }
        }

        return symbol == 0 ? null : new HuffmanTable(entries, bits, longest);
    }
}
