using System.Globalization;

namespace Pipeline.Infra;

/// <summary>The whole table: who reaches whom on which ports.</summary>
public static class ReachMatrix
{
    /// <summary>Works the table out.</summary>
    /// <param name="template">The template.</param>
    /// <param name="claims">The tiers, which give the names for <paramref name="to"/>; null for none.</param>
    /// <param name="to">A tier or resource that is the only destination wanted; null for all.</param>
    /// <returns>One entry per pair and way that carries anything.</returns>
    /// <exception cref="TemplateException"><paramref name="to"/> is no tier and no resource.</exception>
    public static IReadOnlyList<ReachEntry> Compute(InfraTemplate template, ClaimSet? claims = null, string? to = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        PathFinder finder = new(template.Network);
        TierResolver tiers = new(template.Network, claims ?? new ClaimSet());
        Location at = new("reach", 1);
        IReadOnlyList<Party> sources = tiers.Get("any", isSource: true, at).Parties;
        IReadOnlyList<Party> targets = tiers.Get(to ?? "any", isSource: false, at).Parties;
        List<ReachEntry> entries = new();
        foreach (Party from in sources)
        {
            foreach (Party target in targets)
            {
                foreach (FlowPath path in finder.Find(from, target))
                {
                    PacketSet works = path.Connects(must: true);
                    PacketSet oneWay = Ports(path.Arrives(must: true)).Subtract(Ports(works));
                    bool isOpen = !path.Arrives(must: false).IsSubsetOf(path.Arrives(must: true));
                    if (!works.IsEmpty || !oneWay.IsEmpty || isOpen)
                        entries.Add(new ReachEntry(from.Name, target.Name, Describe(works), PathViaNames.Name(path.Via), Describe(oneWay), isOpen));
                }
            }
        }

        return entries;
    }

    internal static string Describe(PacketSet set)
    {
        if (set.IsEmpty)
            return "";
        PacketSet ports = Ports(set);
        if (PacketSet.Everything.IsSubsetOf(ports))
            return "all";
        List<string> parts = new();
        foreach (int protocol in (ReadOnlySpan<int>)[Protocols.Tcp, Protocols.Udp, Protocols.Icmp, Protocols.IcmpV6])
        {
            PacketSet one = ports.Intersect(PacketSet.Of(Box.Everything with { Protocol = new Interval((UInt128)protocol, (UInt128)protocol) }));
            if (one.IsEmpty)
                continue;
            string name = Protocols.NameOf(protocol);
            string ranges = string.Join(",", one.Boxes.Select(box => box.DestinationPort).Distinct().OrderBy(range => range.First).Select(range => Range(range)));
            parts.Add(ranges == "all" || !Protocols.HasPorts(protocol) ? name : $"{name}/{ranges}");
        }

        PacketSet others = ports.Subtract(PacketSet.UnionOf(new[] { Protocols.Tcp, Protocols.Udp, Protocols.Icmp, Protocols.IcmpV6 }.Select(p => PacketSet.Of(Box.Everything with { Protocol = new Interval((UInt128)p, (UInt128)p) }))));
        if (!others.IsEmpty)
            parts.Add("other protocols");
        return string.Join(" ", parts);
    }

    private static PacketSet Ports(PacketSet set) =>
        set.ForSome(Dimension.Source, Box.AllAddresses).ForSome(Dimension.Destination, Box.AllAddresses).ForSome(Dimension.SourcePort, Box.AllPorts);

    private static string Range(Interval range) =>
        range == Box.AllPorts ? "all" : range.First == range.Last ? ((int)range.First).ToString(CultureInfo.InvariantCulture) : $"{range.First}-{range.Last}";
}
