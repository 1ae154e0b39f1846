namespace Pipeline.Infra;

/// <summary>The header of one packet. For ICMP the destination port holds type * 256 + code.</summary>
internal readonly record struct Packet(UInt128 Source, UInt128 Destination, int Protocol, int SourcePort, int DestinationPort)
{
    /// <summary>Gets the header of the answer to this packet.</summary>
    internal Packet Reply()
    {
        if (Protocol is Protocols.Icmp or Protocols.IcmpV6)
            return this with { Source = Destination, Destination = Source, DestinationPort = Protocols.ReplyOf(Protocol, DestinationPort) };
        return new Packet(Destination, Source, Protocol, DestinationPort, SourcePort);
    }

    public override string ToString()
    {
        string source = Cidr.FormatAddress(Source);
        string destination = Cidr.FormatAddress(Destination);
        return Protocol switch
        {
            Protocols.Tcp or Protocols.Udp => $"{Protocols.NameOf(Protocol)} {source} port {SourcePort} -> {destination} port {DestinationPort}",
            Protocols.Icmp or Protocols.IcmpV6 => $"{Protocols.NameOf(Protocol)} {source} -> {destination} type {DestinationPort >> 8} code {DestinationPort & 255}",
            _ => $"{Protocols.NameOf(Protocol)} {source} -> {destination}",
        };
    }
}
