namespace Pipeline.Infra;

/// <summary>The second half of a way through a NAT gateway: the gateway opens a connection of its own, from its own address and a port that it chooses.</summary>
internal static class NatLeg
{
    // A NAT gateway carries these protocols only.
    private static readonly PacketSet s_carried = PacketSet.Of(Of(Protocols.Icmp), Of(Protocols.Tcp), Of(Protocols.Udp));

    internal static void Add(PathFinder finder, PathBuilder builder, NetworkInterface source, NatGateway nat)
    {
        if (nat.Subnet is { } crossed && crossed != source.Subnet)
            builder.Acl(crossed, isEgress: false, isReply: false);
        builder.Add(Layer.Route, "NAT_PROTOCOL", s_carried, s_carried, [], _ => new StageStep($"NAT gateway {nat.Name} carries TCP, UDP and ICMP", nat.At));
        bool hasWay = nat.HasPublicAddress && !nat.IsPrivate;
        string text = hasWay ? $"NAT gateway {nat.Name} opens a connection of its own from its public address" : $"NAT gateway {nat.Name} has no public address";
        builder.Fact(Layer.Address, "IGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS", nat.Gap is null ? hasWay : null, nat.Gap, text, nat.At);
        if (nat.Subnet is not { } subnet)
            return; // A regional gateway brings its own way to the internet gateway.
        builder.Path.Needs.Add(subnet);
        AddAcl(finder, builder, nat, subnet, isReply: false);
        builder.Route(subnet, Dimension.Destination, region => region.Target == RouteTarget.InternetGateway, " through an internet gateway", isReply: false);
        InternetPaths.Gateway(builder, subnet);
        AddAcl(finder, builder, nat, subnet, isReply: true);
        if (subnet != source.Subnet)
            builder.Acl(subnet, isEgress: true, isReply: true);
    }

    private static Box Of(int protocol) => Box.Everything with { Protocol = new Interval((UInt128)protocol, (UInt128)protocol) };

    // The packet needs some port of the gateway to leave; the answer must come back to whichever port it chose.
    private static void AddAcl(PathFinder finder, PathBuilder builder, NatGateway nat, Subnet subnet, bool isReply)
    {
        if (subnet.Acl is not { } acl || subnet.Foreign is not null || subnet.V4 is null)
        {
            Gap gap = subnet.Foreign ?? subnet.AddressGap ?? subnet.Gaps.FirstOrDefault() ?? new Gap(subnet.Name, "network ACL", subnet.At, "the ACL is not known.", "Declare it in the template.");
            builder.Fact(Layer.Acl, "SUBNET_ACL_RESTRICTION", null, gap, $"the ACL of subnet {subnet.Name} is not known", gap.At, isReply);
            return;
        }

        bool isEgress = !isReply;
        AclSets sets = finder.AclSetsOf(acl, isEgress);
        Box leg = Box.Everything with { Source = subnet.UsableV4!.Value, SourcePort = InterfaceBuilder.WidePorts };
        PacketSet domain = PacketSet.UnionOf(finder.InternetAddresses(isV6: false).Select(range => PacketSet.Of(leg with { Destination = range })));
        builder.Add(Layer.Acl, "SUBNET_ACL_RESTRICTION", Free(sets.Get(false, isReply)), Free(sets.Get(true, isReply)), sets.Gaps, Explain, isReply);

        PacketSet Free(PacketSet set)
        {
            set = set.Intersect(domain);
            return isReply
                ? set.ForAll(Dimension.SourcePort, domain, Box.AllPorts).ForAll(Dimension.Source, domain.ForSome(Dimension.SourcePort, Box.AllPorts), Box.AllAddresses)
                : set.ForSome(Dimension.SourcePort, Box.AllPorts).ForSome(Dimension.Source, Box.AllAddresses);
        }

        StageStep Explain(Packet packet)
        {
            Box same = leg with { Destination = At(packet.Destination), Protocol = At((UInt128)packet.Protocol), DestinationPort = At((UInt128)packet.DestinationPort) };
            PacketSet stopped = PacketSet.Of(same).Subtract(sets.Get(false, isReply));
            Box sample = stopped.IsEmpty ? same : stopped.Boxes[0];
            Packet translated = new(sample.Source.First, packet.Destination, packet.Protocol, (int)sample.SourcePort.First, packet.DestinationPort);
            StageStep step = AclRules.Explain(acl, isEgress, isReply ? translated.Reply() : translated, subnet.Name);
            return step with { Text = $"{step.Text} (NAT gateway {nat.Name}, its port {translated.SourcePort})" };
        }
    }

    private static Interval At(UInt128 value) => new(value, value);
}
