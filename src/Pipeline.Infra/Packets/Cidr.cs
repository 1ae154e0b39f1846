using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.Infra;

/// <summary>A block of addresses. IPv4 addresses are held as ::ffff:a.b.c.d, so that both families are one range of numbers without overlap.</summary>
/// <param name="Start">The first address.</param>
/// <param name="Length">The length of the prefix in its own family, 0 to 32 or 0 to 128.</param>
/// <param name="IsV6">Whether the block is written as IPv6.</param>
internal readonly record struct Cidr(UInt128 Start, int Length, bool IsV6)
{
    internal static readonly UInt128 V4Start = (UInt128)0xFFFF << 32;

    internal Interval Range
    {
        get
        {
            int hostBits = (IsV6 ? 128 : 32) - Length;
            UInt128 size = hostBits >= 128 ? UInt128.MaxValue : ((UInt128)1 << hostBits) - 1;
            return new Interval(Start, Start + size);
        }
    }

    internal static Cidr? TryParse(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || !IPAddress.TryParse(text[..slash], out IPAddress? address)
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int length))
            return null;
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        // "10.1/16" is an address to .NET; a template needs all four numbers.
        if (length > (isV6 ? 128 : 32) || (!isV6 && text[..slash].Count(c => c == '.') != 3))
            return null;
        int hostBits = (isV6 ? 128 : 32) - length;
        UInt128 mask = hostBits >= 128 ? 0 : ~(((UInt128)1 << hostBits) - 1);
        return new Cidr(ToNumber(address) & mask, length, isV6);
    }

    internal static Cidr Parse(string text) => TryParse(text) ?? throw new FormatException($"'{text}' is no block of addresses. Write it as 10.0.0.0/16 or 2001:db8::/32.");

    internal static UInt128? TryParseAddress(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(c => c == '.') == 3) ? ToNumber(address) : null;

    internal static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int written);
        return written == 4 ? V4Start + BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    internal static string FormatAddress(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address >= V4Start && address <= V4Start + uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(address - V4Start));
            return new IPAddress(bytes[..4]).ToString();
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(bytes).ToString();
    }

    public override string ToString() => $"{FormatAddress(Start)}/{Length}";
}
