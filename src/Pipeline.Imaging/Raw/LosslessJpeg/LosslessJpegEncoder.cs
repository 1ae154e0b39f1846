using System.Buffers.Binary;
using System.Numerics;

namespace Pipeline.Imaging;

/// <summary>Encodes a tile of sensor values as lossless JPEG: process 14 of ITU-T T.81, predictor 1, two interleaved components, own Huffman table.</summary>
/// <remarks>Even and odd columns are the two components, so that each value is predicted from the last one of its own color.</remarks>
internal static class LosslessJpegEncoder
{
    private const int Categories = 17;
    private const int LongestCode = 16;

    /// <summary>Encodes one tile.</summary>
    /// <param name="values">The values, row by row.</param>
    /// <param name="width">Values in a row; even.</param>
    /// <param name="height">Rows.</param>
    /// <param name="precision">Bits per value, 2 to 16.</param>
    public static byte[] Encode(ReadOnlySpan<ushort> values, int width, int height, int precision)
    {
        short[] differences = Differences(values, width, height, precision, out long[] frequencies);
        int[] lengths = CodeLengths(frequencies);
        int[] symbols = Enumerable.Range(0, Categories).Where(c => lengths[c] > 0).OrderBy(c => lengths[c]).ThenBy(c => c).ToArray();
        uint[] codes = new uint[Categories];
        uint code = 0;
        for (int i = 0, previous = 0; i < symbols.Length; i++, code++)
        {
            code <<= lengths[symbols[i]] - previous;
            previous = lengths[symbols[i]];
            codes[symbols[i]] = code;
        }

        // Two bytes per value and every byte stuffed is the worst case of 16-bit data; the table and headers come on top.
        byte[] buffer = new byte[256 + (differences.Length * 9)];
        int at = WriteHeaders(buffer, width, height, precision, symbols, lengths);
        at = WriteData(buffer, at, differences, codes, lengths);
        buffer[at++] = 0xFF;
        buffer[at++] = 0xD9;
        return buffer.AsSpan(0, at).ToArray();
    }

    private static short[] Differences(ReadOnlySpan<ushort> values, int width, int height, int precision, out long[] frequencies)
    {
        short[] differences = new short[values.Length];
        frequencies = new long[Categories];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<ushort> row = values.Slice(y * width, width);
            Span<short> into = differences.AsSpan(y * width, width);
            int even = y == 0 ? 1 << (precision - 1) : values[(y - 1) * width], odd = y == 0 ? even : values[((y - 1) * width) + 1];
            for (int x = 0; x < width; x += 2)
            {
                // Differences are taken modulo 65,536 (T.81, H.1.2.1), which the cast does.
                into[x] = (short)(row[x] - even);
                into[x + 1] = (short)(row[x + 1] - odd);
                frequencies[Category(into[x])]++;
                frequencies[Category(into[x + 1])]++;
                even = row[x];
                odd = row[x + 1];
            }
        }

        return differences;
    }

    private static int Category(short difference) => 32 - BitOperations.LeadingZeroCount((uint)Math.Abs((int)difference));

    // Huffman's construction; one symbol is reserved so that no code is all ones. Frequencies are flattened until the longest code fits.
    private static int[] CodeLengths(long[] frequencies)
    {
        long[] weights = [.. frequencies];
        while (true)
        {
            int[] lengths = new int[Categories + 1];
            PriorityQueue<int[], (long, int)> open = new();
            open.Enqueue([Categories], (0, Categories));
            for (int i = 0; i < Categories; i++)
            {
                if (weights[i] > 0)
                    open.Enqueue([i], (weights[i], i));
            }

            while (open.Count > 1)
            {
                open.TryDequeue(out int[]? first, out (long Weight, int Order) a);
                open.TryDequeue(out int[]? second, out (long Weight, int Order) b);
                int[] joined = [.. first!, .. second!];
                foreach (int symbol in joined)
                    lengths[symbol]++;
                open.Enqueue(joined, (a.Weight + b.Weight, Math.Min(a.Order, b.Order)));
            }

            if (lengths.Max() <= LongestCode)
                return lengths[..Categories];
            for (int i = 0; i < Categories; i++)
                weights[i] = weights[i] == 0 ? 0 : (weights[i] / 2) + 1;
        }
    }

    private static int WriteHeaders(byte[] buffer, int width, int height, int precision, int[] symbols, int[] lengths)
    {
        Span<byte> to = buffer;
        int at = 0;
        Put(to, 0xFF, 0xD8, 0xFF, 0xC4);
        BinaryPrimitives.WriteUInt16BigEndian(to[at..], (ushort)(19 + symbols.Length));
        at += 2;
        Put(to, 0);
        foreach (int symbol in symbols)
            to[at + lengths[symbol] - 1]++;
        at += 16;
        foreach (int symbol in symbols)
            to[at++] = (byte)symbol;
        Put(to, 0xFF, 0xC3, 0, 14, (byte)precision);
        BinaryPrimitives.WriteUInt16BigEndian(to[at..], (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(to[(at + 2)..], (ushort)(width / 2));
        at += 4;
        Put(to, 2, 0, 0x11, 0, 1, 0x11, 0);
        Put(to, 0xFF, 0xDA, 0, 10, 2, 0, 0, 1, 0, 1, 0, 0);
        return at;

        void Put(Span<byte> target, params ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(target[at..]);
            at += bytes.Length;
        }
    }

    private static int WriteData(byte[] buffer, int at, short[] differences, uint[] codes, int[] lengths)
    {
        ulong pending = 0;
        int bits = 0;
        foreach (short difference in differences)
        {
            int category = Category(difference);
            uint extra = (uint)(difference < 0 ? difference + (1 << category) - 1 : difference);
            int extraBits = category == 16 ? 0 : category;
            pending = (pending << lengths[category]) | codes[category];
            if (extraBits > 0)
                pending = (pending << extraBits) | (extra & ((1u << extraBits) - 1));
            bits += lengths[category] + extraBits;
            while (bits >= 8)
            {
                bits -= 8;
                byte value = (byte)(pending >> bits);
                buffer[at++] = value;
                if (value == 0xFF)
                    buffer[at++] = 0;
            }
        }

        if (bits > 0)
        {
            byte value = (byte)((pending << (8 - bits)) | ((1u << (8 - bits)) - 1));
            buffer[at++] = value;
            if (value == 0xFF)
                buffer[at++] = 0;
        }

        return at;
    }
}
