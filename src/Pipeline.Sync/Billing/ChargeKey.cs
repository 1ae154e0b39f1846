using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Sync;

/// <summary>What makes a unit of work the same unit in every retry: the idempotency key of a charge. 128 bits, made from the parts, never at random.</summary>
/// <param name="High">The first 8 bytes.</param>
/// <param name="Low">The last 8 bytes.</param>
public readonly record struct ChargeKey(ulong High, ulong Low) : IComparable<ChargeKey>
{
    /// <summary>Makes the key of a unit of work. The same parts give the same key in every process, on every machine, in every version.</summary>
    /// <param name="tenant">Who pays.</param>
    /// <param name="job">The job that the work belongs to. Charge across jobs only once by passing the same text for all.</param>
    /// <param name="item">The item: its ordinal in the job, or better a hash of its content.</param>
    /// <param name="operation">What is done to it.</param>
    /// <param name="parametersVersion">The version of the parameters: other parameters are other work.</param>
    /// <returns>The key: the first 16 bytes of SHA-256 over the parts, each with its length in front.</returns>
    public static ChargeKey From(string tenant, string job, string item, string operation, string parametersVersion)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string part in (ReadOnlySpan<string>)[tenant, job, item, operation, parametersVersion])
        {
            ArgumentNullException.ThrowIfNull(part);
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length); // so that ("ab", "c") and ("a", "bc") differ
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return FromBytes(hash.GetHashAndReset());
    }

    /// <summary>Reads a key from its text.</summary>
    /// <param name="text">32 hexadecimal digits, as <see cref="ToString"/> writes them.</param>
    /// <returns>The key.</returns>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static ChargeKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 32
            && ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong high)
            && ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low))
        {
            return new ChargeKey(high, low);
        }

        throw new FormatException($"'{text}' is not a charge key. A key is 32 hexadecimal digits.");
    }

    /// <summary>Compares by value, for a stable order.</summary>
    /// <param name="left">A key.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether the first comes before the second.</returns>
    public static bool operator <(ChargeKey left, ChargeKey right) => left.CompareTo(right) < 0;

    /// <summary>Compares by value, for a stable order.</summary>
    /// <param name="left">A key.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether the first comes after the second.</returns>
    public static bool operator >(ChargeKey left, ChargeKey right) => left.CompareTo(right) > 0;

    /// <summary>Compares by value, for a stable order.</summary>
    /// <param name="left">A key.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether the first does not come after the second.</returns>
    public static bool operator <=(ChargeKey left, ChargeKey right) => left.CompareTo(right) <= 0;

    /// <summary>Compares by value, for a stable order.</summary>
    /// <param name="left">A key.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether the first does not come before the second.</returns>
    public static bool operator >=(ChargeKey left, ChargeKey right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(ChargeKey other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Writes the key as 32 hexadecimal digits.</summary>
    /// <returns>Lower-case digits.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");

    internal static ChargeKey FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    internal void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }
}
