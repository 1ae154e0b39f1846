using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Imaging;

/// <summary>Collects the entries of one directory and lays it out, little-endian.</summary>
internal sealed class TiffBuilder
{
    private readonly SortedDictionary<ushort, (ushort Type, uint Count, byte[] Value)> _entries = [];

    /// <summary>Gets the bytes that the directory takes with its values.</summary>
    public int Bytes => 2 + (12 * _entries.Count) + 4 + _entries.Values.Sum(e => e.Value.Length > 4 ? (e.Value.Length + 1) & ~1 : 0);

    public bool IsEmpty => _entries.Count == 0;

    public TiffBuilder Raw(ushort tag, ushort type, uint count, byte[] value)
    {
        _entries[tag] = (type, count, value);
        return this;
    }

    public TiffBuilder Byte(ushort tag, params byte[] values) => Raw(tag, 1, (uint)values.Length, values);
    public TiffBuilder Undefined(ushort tag, params byte[] values) => Raw(tag, 7, (uint)values.Length, values);

    public TiffBuilder Text(ushort tag, string text)
    {
        byte[] value = [.. Encoding.UTF8.GetBytes(text), 0];
        return Raw(tag, 2, (uint)value.Length, value);
    }

    public TiffBuilder Short(ushort tag, params ushort[] values)
    {
        byte[] value = new byte[values.Length * 2];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(value.AsSpan(2 * i), values[i]);
        return Raw(tag, 3, (uint)values.Length, value);
    }

    public TiffBuilder Long(ushort tag, params uint[] values)
    {
        byte[] value = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(value.AsSpan(4 * i), values[i]);
        return Raw(tag, 4, (uint)values.Length, value);
    }

    /// <summary>Adds fractions with a fixed denominator, signed or not.</summary>
    public TiffBuilder Rational(ushort tag, bool signed, int denominator, params double[] values)
    {
        byte[] value = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(8 * i), (int)Math.Round(values[i] * denominator));
            BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan((8 * i) + 4), denominator);
        }

        return Raw(tag, signed ? (ushort)10 : (ushort)5, (uint)values.Length, value);
    }

    /// <summary>Writes the directory.</summary>
    /// <param name="target">Where to, at least <see cref="Bytes"/> long.</param>
    /// <param name="offset">Where in the file the target starts.</param>
    /// <param name="next">The offset of the next directory; 0 for none.</param>
    public void Write(Span<byte> target, uint offset, uint next)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)_entries.Count);
        int at = 2, values = 2 + (12 * _entries.Count) + 4;
        foreach ((ushort tag, (ushort type, uint count, byte[] value)) in _entries)
        {
            Span<byte> entry = target.Slice(at, 12);
            entry.Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(entry, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], type);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], count);
            if (value.Length <= 4)
                value.CopyTo(entry[8..]);
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], offset + (uint)values);
                value.CopyTo(target[values..]);
                values += (value.Length + 1) & ~1;
            }

            at += 12;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(target[at..], next);
    }
}
