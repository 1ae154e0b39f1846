using System.Buffers.Binary;
using System.Text;

namespace Pipeline.Imaging.Hostile;

/// <summary>The value of a tag before it is written: type, count and a way to write the bytes in one byte order.</summary>
internal sealed record TiffValue(ushort Type, int Count, Func<bool, byte[]> Bytes)
{
    public static TiffValue Byte(params byte[] values) => new(1, values.Length, _ => values);

    public static TiffValue Ascii(string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text + '\0');
        return new TiffValue(2, bytes.Length, _ => bytes);
    }

    public static TiffValue Short(params int[] values) => new(3, values.Length, big => Write(values, 2, big, static (at, value, order) =>
    {
        if (order)
            BinaryPrimitives.WriteUInt16BigEndian(at, unchecked((ushort)value));
        else
            BinaryPrimitives.WriteUInt16LittleEndian(at, unchecked((ushort)value));
    }));

    public static TiffValue Long(params uint[] values) => new(4, values.Length, big => Write(values, 4, big, PutLong));

    public static TiffValue Undefined(params byte[] values) => new(7, values.Length, _ => values);

    /// <summary>Makes numbers with four decimal places.</summary>
    public static TiffValue Rational(params double[] values) => Ratios(5, [.. values.Select(static value => ((int)Math.Round(value * 10000), 10000))]);

    /// <inheritdoc cref="Rational"/>
    public static TiffValue SignedRational(params double[] values) => Ratios(10, [.. values.Select(static value => ((int)Math.Round(value * 10000), 10000))]);

    /// <summary>Makes fractions as they are, so that a denominator can be 0.</summary>
    public static TiffValue Ratios(ushort type, params (int Numerator, int Denominator)[] values) =>
        new(type, values.Length, big => Write([.. values.SelectMany(static value => new[] { unchecked((uint)value.Numerator), unchecked((uint)value.Denominator) })], 4, big, PutLong));

    public static TiffValue Double(params double[] values) => new(12, values.Length, big => Write(values, 8, big, static (at, value, order) =>
    {
        if (order)
            BinaryPrimitives.WriteDoubleBigEndian(at, value);
        else
            BinaryPrimitives.WriteDoubleLittleEndian(at, value);
    }));

    private static void PutLong(Span<byte> at, uint value, bool big)
    {
        if (big)
            BinaryPrimitives.WriteUInt32BigEndian(at, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(at, value);
    }

    private static byte[] Write<T>(T[] values, int size, bool big, Put<T> put)
    {
        byte[] bytes = new byte[values.Length * size];
        for (int i = 0; i < values.Length; i++)
            put(bytes.AsSpan(i * size), values[i], big);
        return bytes;
    }

    private delegate void Put<in T>(Span<byte> at, T value, bool big);
}
