using System.Diagnostics;
using System.Text;

namespace Pipeline.Imaging;

/// <summary>One image file directory, with its values read on demand. Damaged entries read as absent; nothing here throws.</summary>
[DebuggerDisplay("{Width} x {Height} at {Offset}, {Entries.Count} entries")]
internal sealed class TiffDirectory(TiffFile file, long offset, bool inMainChain, IReadOnlyDictionary<ushort, TiffEntry> entries)
{
    private const int MaxValues = 1 << 20;
    public long Offset { get; } = offset;
    public bool InMainChain { get; } = inMainChain;
    public IReadOnlyDictionary<ushort, TiffEntry> Entries { get; } = entries;
    public int Width => (int)Math.Clamp(Integer(TiffTag.ImageWidth) ?? 0, 0, int.MaxValue);
    public int Height => (int)Math.Clamp(Integer(TiffTag.ImageLength) ?? 0, 0, int.MaxValue);
    public bool IsReduced => (Integer(TiffTag.NewSubfileType) ?? 0) == 1;
    public bool Has(ushort tag) => Entries.ContainsKey(tag);

    /// <summary>Reads the first value of an integer field.</summary>
    public long? Integer(ushort tag) => Integers(tag, 1) is { Length: > 0 } values ? values[0] : null;

    /// <summary>Reads the values of an integer field.</summary>
    public long[]? Integers(ushort tag, int max = MaxValues)
    {
        if (!Entries.TryGetValue(tag, out TiffEntry entry) || entry.Count <= 0 || entry.Count > MaxValues)
            return null;
        int count = (int)Math.Min(entry.Count, max);
        int size = entry.ValueBytes;
        if (size == 0 || entry.Type is 2 or 5 or 10 or 11 or 12)
            return null;
        byte[] raw = new byte[count * size];
        if (!file.Source.TryRead(entry.Offset, raw))
            return null;
        long[] values = new long[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> at = raw.AsSpan(i * size, size);
            values[i] = size switch
            {
                1 => at[0],
                2 => file.UInt16(at),
                4 => file.UInt32(at),
                _ => (long)Math.Min(file.UInt64(at), long.MaxValue),
            };
        }

        return values;
    }

    /// <summary>Reads the values of a rational, integer or floating-point field.</summary>
    public double[]? Reals(ushort tag)
    {
        if (!Entries.TryGetValue(tag, out TiffEntry entry) || entry.Count is <= 0 or > 4096)
            return null;
        if (entry.Type is not (5 or 10 or 11 or 12))
            return Integers(tag)?.Select(v => (double)v).ToArray();
        int size = entry.ValueBytes;
        byte[] raw = new byte[(int)entry.Count * size];
        if (!file.Source.TryRead(entry.Offset, raw))
            return null;
        double[] values = new double[entry.Count];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> at = raw.AsSpan(i * size, size);
            values[i] = entry.Type switch
            {
                5 => file.UInt32(at) / (double)file.UInt32(at[4..]),
                10 => (int)file.UInt32(at) / (double)(int)file.UInt32(at[4..]),
                11 => BitConverter.UInt32BitsToSingle(file.UInt32(at)),
                _ => BitConverter.UInt64BitsToDouble(file.UInt64(at)),
            };
        }

        return values;
    }

    /// <summary>Reads a rational field as one finite number.</summary>
    public double? Real(ushort tag) => Reals(tag) is [var value, ..] && double.IsFinite(value) ? value : null;

    /// <summary>Reads a text field without its padding.</summary>
    public string? Text(ushort tag)
    {
        if (Bytes(tag, 4096) is not { } raw)
            return null;
        string text = Encoding.UTF8.GetString(raw).Split('\0')[0].Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>Reads the raw bytes of a field.</summary>
    public byte[]? Bytes(ushort tag, int maxBytes)
    {
        if (!Entries.TryGetValue(tag, out TiffEntry entry)
            || entry.ValueBytes == 0
            || entry.Count <= 0
            || entry.Count > maxBytes / entry.ValueBytes)
            return null;
        byte[] raw = new byte[entry.Count * entry.ValueBytes];
        return file.Source.TryRead(entry.Offset, raw) ? raw : null;
    }
}
