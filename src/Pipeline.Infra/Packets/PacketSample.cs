namespace Pipeline.Infra;

/// <summary>Picks one packet of a set, with numbers that a reader knows where the set has them.</summary>
internal static class PacketSample
{
    private static readonly UInt128[] s_addresses = [.. new[] { "203.0.113.10", "198.51.100.10" }.Select(text => Cidr.TryParseAddress(text)!.Value)];
    private static readonly UInt128[] s_protocols = [Protocols.Tcp, Protocols.Udp, Protocols.Icmp];
    private static readonly UInt128[] s_sourcePorts = [50000, 32768, 1024];
    private static readonly UInt128[] s_destinationPorts = [443, 80, 22, 8080, 5432, 6379, 3389, 53];

    internal static Packet Of(PacketSet set)
    {
        Box box = set.Boxes.OrderBy(b => Rank(b)).First();
        UInt128 source = Pick(box.Source, s_addresses);
        UInt128 destination = Pick(box.Destination, s_addresses);
        // Two interfaces of one subnet have two addresses.
        if (source == destination && box.Destination.Contains(destination + 1))
            destination++;
        return new Packet(
            source, destination, (int)Pick(box.Protocol, s_protocols), (int)Pick(box.SourcePort, s_sourcePorts),
            (int)Pick(box.DestinationPort, box.Protocol.Contains(Protocols.Tcp) ? s_destinationPorts : []));
    }

    private static int Rank(Box box) =>
        (box.Protocol.Contains(Protocols.Tcp) ? 0 : box.Protocol.Contains(Protocols.Udp) ? 4 : 8)
        + (box.Source.Contains(s_addresses[0]) || box.Source.First == box.Source.Last ? 0 : 1) + (box.Destination.Contains(s_addresses[0]) ? 0 : 1);

    private static UInt128 Pick(Interval interval, UInt128[] preferred)
    {
        foreach (UInt128 value in preferred)
        {
            if (interval.Contains(value))
                return value;
        }

        return interval.First;
    }
}
