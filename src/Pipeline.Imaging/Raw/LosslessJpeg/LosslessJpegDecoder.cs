using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pipeline.Imaging;

/// <summary>Decodes the data of a lossless JPEG stream with predictor 1: ITU-T T.81, process 14, annex H.</summary>
/// <remarks>
/// The stuffed zeros go first, in one pass of block copies. What is left is a plain sequence of bits, so that each pair of samples costs one unaligned load at
/// the current bit, two table look-ups and no branch that the data decides.
/// </remarks>
internal static class LosslessJpegDecoder
{
    /// <summary>Bytes that must be readable behind the bits, because they are loaded eight at a time.</summary>
    public const int Slack = 16;

    // Eight bytes, less the up to seven bits in front of the current one.
    private const int WindowBits = 57;

    /// <summary>Removes the stuffing: each FF 00 becomes FF, and the first other marker ends the data.</summary>
    /// <param name="data">The data behind the scan header.</param>
    /// <param name="bits">Receives the bits; as long as the data plus <see cref="Slack"/>.</param>
    /// <returns>The number of bytes.</returns>
    public static int Unstuff(ReadOnlySpan<byte> data, Span<byte> bits)
    {
        int count = 0;
        while (true)
        {
            int marker = data.IndexOf((byte)0xFF);
            bool ends = marker < 0 || marker + 1 >= data.Length || data[marker + 1] != 0;
            int take = marker < 0 ? data.Length : ends ? marker : marker + 1;
            data[..take].CopyTo(bits[count..]);
            count += take;
            if (ends)
                break;
            data = data[(marker + 2)..];
        }

        bits.Slice(count, Slack).Clear();
        return count;
    }

    /// <summary>Decodes the samples.</summary>
    /// <param name="header">The header.</param>
    /// <param name="bits">The bits without stuffing, <see cref="Slack"/> zero bytes behind them.</param>
    /// <param name="byteCount">The number of bytes without the slack.</param>
    /// <param name="target">Receives the samples; begins at the first one.</param>
    /// <param name="stride">Samples from row to row in the target.</param>
    /// <param name="columns">How many samples of each row are wanted.</param>
    /// <param name="rows">How many rows are wanted.</param>
    /// <returns>Null, or what is wrong with the data.</returns>
    public static string? Decode(
        LosslessJpegHeader header, ReadOnlySpan<byte> bits, int byteCount, Span<ushort> target, int stride, int columns, int rows)
    {
        int width = header.Width * header.Components;
        ushort[] line = GC.AllocateUninitializedArray<ushort>(width);
        int step = header.Components;
        int first = 1 << (header.Precision - 1), second = first;
        long bit = 0, end = (long)byteCount * 8, lastWindow = (bits.Length - sizeof(ulong)) * 8L;
        int longestPair = header.First.LongestDifference + header.Second.LongestDifference;
        // Only whole pairs whose bits always come with one load take the fast way, in rows that end before the data does for any content.
        long longestRow = header.Components == 2 && longestPair <= WindowBits ? (long)header.Width * longestPair : long.MaxValue / 2;
        for (int row = 0; row < header.Height; row++)
        {
            int seen;
            bit = bit + longestRow <= lastWindow
                ? DecodePairs(header, bits, bit, line, first, second, out seen)
                : DecodeRow(header, bits, bit, line, first, second, out seen);
            if (bit < 0)
                return $"row {row} has a code that is not in its table";
            if (bit > end)
                return $"the data ends in row {row} of {header.Height}";
            if (seen >> header.Precision != 0)
                return $"row {row} has a value beyond {header.Precision} bits";
            first = line[0];
            second = line[step - 1];
            if (row < rows)
                line.AsSpan(0, columns).CopyTo(target.Slice(row * stride, columns));
        }

        // Encoders fill up the last byte; more than that left over means that the data and the size do not belong together.
        return end - bit >= 16 ? $"{(end - bit) / 8} bytes are left over" : null;
    }

    // Rows of two components that cannot run over the end of the data. Returns the bit behind the row, or a negative number for a pattern that is no code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long DecodePairs(
        LosslessJpegHeader header, ReadOnlySpan<byte> bits, long bit, Span<ushort> line, int first, int second, out int seen)
    {
        ref byte data = ref MemoryMarshal.GetReference(bits);
        ref ushort firstTable = ref MemoryMarshal.GetArrayDataReference(header.First.Entries);
        ref ushort secondTable = ref MemoryMarshal.GetArrayDataReference(header.Second.Entries);
        int firstShift = 64 - header.First.Bits, secondShift = 64 - header.Second.Bits;
        int invalid = 0, all = 0;
        for (int x = 0; x + 1 < line.Length; x += 2)
        {
            ulong window = Window(ref data, bit);
            int taken = Difference(window, Unsafe.Add(ref firstTable, (nint)(window >> firstShift)), out int difference, ref invalid);
            first = (ushort)(first + difference);
            window <<= taken;
            bit += taken;
            bit += Difference(window, Unsafe.Add(ref secondTable, (nint)(window >> secondShift)), out difference, ref invalid);
            second = (ushort)(second + difference);
            line[x] = (ushort)first;
            line[x + 1] = (ushort)second;
            all |= first | second;
        }

        seen = all;
        return invalid == 0 ? bit : -1;
    }

    // Any row. Returns the bit behind the row, or a negative number for a pattern that is no code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long DecodeRow(
        LosslessJpegHeader header, ReadOnlySpan<byte> bits, long bit, Span<ushort> line, int first, int second, out int seen)
    {
        ref byte data = ref MemoryMarshal.GetReference(bits);
        ref ushort firstTable = ref MemoryMarshal.GetArrayDataReference(header.First.Entries);
        ref ushort secondTable = ref MemoryMarshal.GetArrayDataReference(header.Second.Entries);
        int firstShift = 64 - header.First.Bits, secondShift = 64 - header.Second.Bits;
        long last = (bits.Length - sizeof(ulong)) * 8L;
        bool two = header.Components == 2;
        int invalid = 0;
        seen = 0;
        int x = 0;
        for (; x + 1 < line.Length; x += 2)
        {
            // Damaged data may run over the end: it goes on at the end then and fails the check behind the row.
            ulong window = Window(ref data, Math.Min(bit, last));
            bit += Difference(window, Unsafe.Add(ref firstTable, (nint)(window >> firstShift)), out int difference, ref invalid);
            first = (ushort)(first + difference);
            // One code with its bits takes up to 32; two of them do not always fit into the 57 bits of one load.
            window = Window(ref data, Math.Min(bit, last));
            bit += Difference(window, Unsafe.Add(ref secondTable, (nint)(window >> secondShift)), out difference, ref invalid);
            second = (ushort)((two ? second : first) + difference);
            line[x] = (ushort)first;
            line[x + 1] = (ushort)second;
            seen |= first | second;
            if (!two)
                first = second;
        }

        if (x < line.Length)
        {
            ulong window = Window(ref data, Math.Min(bit, last));
            bit += Difference(window, Unsafe.Add(ref firstTable, (nint)(window >> firstShift)), out int difference, ref invalid);
            first = (ushort)(first + difference);
            line[x] = (ushort)first;
            seen |= first;
        }

        return invalid == 0 ? bit : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Window(ref byte data, long bit)
    {
        ulong window = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref data, (nint)(bit >> 3)));
        return (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(window) : window) << (int)(bit & 7);
    }

    // Returns the number of bits that the difference took.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Difference(ulong window, int entry, out int difference, ref int invalid)
    {
        int length = entry & 31, category = (entry >> 5) & 31;
        invalid |= (length - 1) >> 31;
        if (category == 16)
        {
            // 32768 comes without further bits (T.81, table H.2).
            difference = 32768;
            return length;
        }

        // A leading 0 says negative; the bits are those of the difference - 1 then.
        ulong rest = window << length;
        int extra = (int)(rest >> 1 >> (63 - category));
        int negative = (int)~((long)rest >> 63);
        difference = extra - (((1 << category) - 1) & negative);
        return entry >> 10;
    }
}
