using System.Buffers.Binary;

namespace Pipeline.Imaging;

/// <summary>What stands before the data of a lossless JPEG stream (ITU-T T.81, annex B): frame, Huffman tables, scan.</summary>
internal sealed class LosslessJpegHeader
{
    private readonly HuffmanTable?[] _tables = new HuffmanTable?[4];
    private readonly byte[] _components = new byte[2];

    private LosslessJpegHeader()
    {
    }

    public int Width { get; private set; }
    public int Height { get; private set; }

    /// <summary>Gets the number of interleaved components, 1 or 2.</summary>
    public int Components { get; private set; }

    /// <summary>Gets the bits of a sample, 2 to 16.</summary>
    public int Precision { get; private set; }

    /// <summary>Gets the table of the first component.</summary>
    public HuffmanTable First { get; private set; } = null!;

    /// <summary>Gets the table of the second component; of the first when there is one.</summary>
    public HuffmanTable Second { get; private set; } = null!;

    /// <summary>Gets where the data begins.</summary>
    public int DataAt { get; private set; }

    /// <summary>Reads the header.</summary>
    /// <returns>Null for anything but process 14 with predictor 1, one scan of one or two components without restarts; another decoder may know it.</returns>
    public static LosslessJpegHeader? TryRead(ReadOnlySpan<byte> stream)
    {
        if (stream is not [0xFF, 0xD8, ..])
            return null;
        LosslessJpegHeader header = new();
        int at = 2;
        while (at + 4 <= stream.Length && stream[at] == 0xFF)
        {
            byte marker = stream[at + 1];
            int length = BinaryPrimitives.ReadUInt16BigEndian(stream[(at + 2)..]);
            if (length < 2 || at + 2 + length > stream.Length)
                return null;
            ReadOnlySpan<byte> segment = stream.Slice(at + 4, length - 2);
            at += 2 + length;
            switch (marker)
            {
                case 0xC4 when header.TryReadTables(segment):
                case 0xC3 when header.TryReadFrame(segment):
                case >= 0xE0 and <= 0xEF or 0xFE:
                    continue;
                case 0xDA when header.TryReadScan(segment):
                    header.DataAt = at;
                    return header;
                default:
                    return null;
            }
        }

        return null;
    }

    private bool TryReadTables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length >= 17)
        {
            int symbols = 0;
            foreach (byte count in segment[1..17])
                symbols += count;
            if (segment[0] > 3 || segment.Length < 17 + symbols)
                return false;
            _tables[segment[0]] = HuffmanTable.TryBuild(segment[1..17], segment.Slice(17, symbols));
            segment = segment[(17 + symbols)..];
        }

        return segment.IsEmpty;
    }

    private bool TryReadFrame(ReadOnlySpan<byte> segment)
    {
        if (Components != 0 || segment.Length < 6)
            return false;
        Precision = segment[0];
        Height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        Width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        Components = segment[5];
        if (Components is not (1 or 2) || segment.Length != 6 + (3 * Components) || Precision is < 2 or > 16 || Width == 0 || Height == 0)
            return false;
        for (int i = 0; i < Components; i++)
        {
            _components[i] = segment[6 + (3 * i)];
            if (segment[7 + (3 * i)] != 0x11)
                return false;
        }

        return true;
    }

    private bool TryReadScan(ReadOnlySpan<byte> segment)
    {
        if (Components == 0 || segment.Length != 4 + (2 * Components) || segment[0] != Components)
            return false;
        Span<HuffmanTable?> tables = new HuffmanTable?[2];
        for (int i = 0; i < Components; i++)
        {
            int table = segment[2 + (2 * i)] >> 4;
            if (segment[1 + (2 * i)] != _components[i] || table > 3 || _tables[table] is null)
                return false;
            tables[i] = _tables[table];
        }

        First = tables[0]!;
        Second = tables[1] ?? First;
        // Predictor 1, no end of spectral selection, no point transform.
        return segment[^3] == 1 && segment[^2] == 0 && segment[^1] == 0;
    }
}
