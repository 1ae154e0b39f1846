namespace Pipeline.Infra;

/// <summary>The packets that get no answer: ICMP but for echo requests.</summary>
internal static class Unanswered
{
    internal static readonly PacketSet Set = PacketSet.Of(
        Of(Protocols.Icmp, 0, (8 << 8) - 1), Of(Protocols.Icmp, (8 << 8) + 1, 65535),
        Of(Protocols.IcmpV6, 0, (128 << 8) - 1), Of(Protocols.IcmpV6, (128 << 8) + 1, 65535));

    private static Box Of(int protocol, int first, int last) =>
        Box.Everything with { Protocol = new Interval((UInt128)protocol, (UInt128)protocol), DestinationPort = new Interval((UInt128)first, (UInt128)last) };
}
