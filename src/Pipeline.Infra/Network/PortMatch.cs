namespace Pipeline.Infra;

/// <summary>The protocols and ports of a rule.</summary>
/// <param name="Protocol">The number, or -1 for all.</param>
/// <param name="Ports">Destination ports, or type * 256 + code of ICMP; everything for protocols without.</param>
internal readonly record struct PortMatch(int Protocol, Interval Ports)
{
    internal static readonly PortMatch All = new(-1, Box.AllPorts);

    internal Box Box => Protocol < 0
        ? Infra.Box.Everything
        : Infra.Box.Everything with { Protocol = new Interval((UInt128)Protocol, (UInt128)Protocol), DestinationPort = Ports };

    public override string ToString()
    {
        if (Protocol < 0)
            return "all traffic";
        string name = Protocols.NameOf(Protocol);
        if (Protocol is Protocols.Icmp or Protocols.IcmpV6)
            return Ports == Infra.Box.AllPorts ? name : $"{name} type {Ports.First >> 8}";
        if (!Protocols.HasPorts(Protocol))
            return name;
        if (Ports == Infra.Box.AllPorts)
            return $"{name} on all ports";
        return Ports.First == Ports.Last ? $"{name}/{Ports.First}" : $"{name}/{Ports.First}-{Ports.Last}";
    }
}
