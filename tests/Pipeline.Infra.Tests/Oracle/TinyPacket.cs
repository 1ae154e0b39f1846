namespace Pipeline.Infra.Tests;

/// <summary>One packet in plain numbers; for ICMP the destination port is type * 256 + code.</summary>
internal sealed record TinyPacket(uint Source, uint Destination, int Protocol, int SourcePort, int DestinationPort)
{
    internal TinyPacket? Reply() => Protocol switch
    {
        1 when DestinationPort == 2048 => new TinyPacket(Destination, Source, 1, SourcePort, 0),
        1 => null,
        6 or 17 => new TinyPacket(Destination, Source, Protocol, DestinationPort, SourcePort),
        _ => new TinyPacket(Destination, Source, Protocol, SourcePort, DestinationPort),
    };
}
