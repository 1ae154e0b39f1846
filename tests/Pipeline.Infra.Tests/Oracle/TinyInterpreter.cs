namespace Pipeline.Infra.Tests;

/// <summary>Follows one packet through a <see cref="TinyNetwork"/>, rule by rule, with plain numbers. Shares no code with the product.</summary>
internal sealed class TinyInterpreter(TinyNetwork network)
{
    internal static uint Address(int a, int b, int c, int d) => ((uint)a << 24) | ((uint)b << 16) | ((uint)c << 8) | (uint)d;

    internal uint AddressOf(TinyInterface item) => Split(network.Subnets[item.Subnet].Block).Start + (uint)item.Host;

    /// <summary>From one interface to another by private addresses.</summary>
    internal bool Arrives(TinyInterface from, TinyInterface to, TinyPacket packet)
    {
        if (!GroupAllows(from, packet, ingress: false, to) || !GroupAllows(to, packet, ingress: true, from))
            return false;
        if (from.Subnet == to.Subnet)
            return true;
        return AclAllows(from.Subnet, egress: true, packet.Destination, packet) && AclAllows(to.Subnet, egress: false, packet.Source, packet);
    }

    internal bool Answered(TinyInterface from, TinyInterface to, TinyPacket packet)
    {
        if (from.Subnet == to.Subnet || packet.Reply() is not { } reply)
            return true;
        return AclAllows(to.Subnet, egress: true, reply.Destination, reply) && AclAllows(from.Subnet, egress: false, reply.Source, reply);
    }

    /// <summary>From the internet to a private address behind a public one.</summary>
    internal bool ArrivesFromInternet(TinyInterface to, TinyPacket packet) =>
        to.Public && network.HasInternetGateway && RouteOf(to.Subnet, packet.Source) is { Nat: -1 } && AclAllows(to.Subnet, egress: false, packet.Source, packet) && GroupAllows(to, packet, ingress: true, null);

    internal bool AnsweredToInternet(TinyInterface to, TinyPacket packet) =>
        packet.Reply() is not { } reply || AclAllows(to.Subnet, egress: true, reply.Destination, reply);

    /// <summary>From an interface to the internet, straight or through a NAT gateway.</summary>
    internal bool ArrivesAtInternet(TinyInterface from, TinyPacket packet)
    {
        if (!GroupAllows(from, packet, ingress: false, null) || !AclAllows(from.Subnet, egress: true, packet.Destination, packet))
            return false;
        if (RouteOf(from.Subnet, packet.Destination) is not { } route || !network.HasInternetGateway)
            return false;
        if (route.Nat < 0)
            return from.Public;
        int subnet = network.NatSubnets[route.Nat];
        if (packet.Protocol is not (1 or 6 or 17) || RouteOf(subnet, packet.Destination) is not { Nat: -1 })
            return false;
        // The gateway's own port does not matter on the way out: ACLs look at the destination port.
        return (subnet == from.Subnet || AclAllows(subnet, egress: false, packet.Source, packet)) && AclAllows(subnet, egress: true, packet.Destination, packet);
    }

    internal bool AnsweredFromInternet(TinyInterface from, TinyPacket packet)
    {
        if (packet.Reply() is not { } reply)
            return true;
        TinyRoute route = RouteOf(from.Subnet, packet.Destination)!;
        if (route.Nat >= 0)
        {
            int subnet = network.NatSubnets[route.Nat];
            // The answer goes to whichever port the gateway chose, so each of them must be open.
            bool isAll = packet.Protocol is 6 or 17
                ? NatPorts(subnet).All(port => AclAllows(subnet, egress: false, reply.Source, reply with { DestinationPort = port }))
                : AclAllows(subnet, egress: false, reply.Source, reply);
            if (!isAll || (subnet != from.Subnet && !AclAllows(subnet, egress: true, reply.Destination, reply)))
                return false;
        }

        return AclAllows(from.Subnet, egress: false, reply.Source, reply);
    }

    // The ports at which an ACL can change its mind.
    private IEnumerable<int> NatPorts(int subnet)
    {
        int acl = network.Subnets[subnet].Acl;
        IEnumerable<int> edges = acl < 0 ? [] : network.Acls[acl].SelectMany(entry => new[] { entry.First - 1, entry.First, entry.Last, entry.Last + 1 });
        return edges.Concat([1024, 65535]).Where(port => port is >= 1024 and <= 65535).Distinct();
    }

    private TinyRoute? RouteOf(int subnet, uint destination)
    {
        int table = network.Subnets[subnet].Table;
        if (table < 0)
            return null;
        TinyRoute? best = null;
        int bestLength = -1;
        foreach (TinyRoute route in network.Tables[table])
        {
            (uint start, int length) = Split(route.Block);
            if (length > bestLength && IsIn(destination, start, length))
                (best, bestLength) = (route, length);
        }

        return best;
    }

    private bool AclAllows(int subnet, bool egress, uint remote, TinyPacket packet)
    {
        int acl = network.Subnets[subnet].Acl;
        if (acl < 0)
            return true;
        int bestNumber = int.MaxValue;
        bool allowed = false;
        foreach (TinyAclEntry entry in network.Acls[acl])
        {
            (uint start, int length) = Split(entry.Block);
            if (entry.Egress != egress || entry.Number >= bestNumber || !IsIn(remote, start, length) || !Matches(entry.Protocol, entry.First, entry.Last, packet))
                continue;
            bestNumber = entry.Number;
            allowed = entry.Allow;
        }

        return allowed;
    }

    private bool GroupAllows(TinyInterface item, TinyPacket packet, bool ingress, TinyInterface? peer)
    {
        uint remote = ingress ? packet.Source : packet.Destination;
        if (item.Groups.Length == 0)
            return !ingress || (peer is not null && peer.Groups.Length == 0); // the default group: in from itself, out to all
        foreach (int index in item.Groups)
        {
            TinyGroup group = network.Groups[index];
            if (!ingress && group.Egress.Count == 0)
                return true; // nothing written: AWS adds allow-all
            foreach (TinyRule rule in ingress ? group.Ingress : group.Egress)
            {
                if (!Matches(rule.Protocol, rule.First, rule.Last, packet))
                    continue;
                if (rule.Block is { } block)
                {
                    (uint start, int length) = Split(block);
                    if (IsIn(remote, start, length))
                        return true;
                }
                else if (peer is not null && peer.Groups.Contains(rule.Group))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Matches(int protocol, int first, int last, TinyPacket packet)
    {
        if (protocol == -1)
            return true;
        if (protocol != packet.Protocol)
            return false;
        return protocol is not (6 or 17) || (packet.DestinationPort >= first && packet.DestinationPort <= last);
    }

    private static (uint Start, int Length) Split(string block)
    {
        string[] parts = block.Split('.', '/');
        return (Address(int.Parse(parts[0]), int.Parse(parts[1]), int.Parse(parts[2]), int.Parse(parts[3])), int.Parse(parts[4]));
    }

    private static bool IsIn(uint address, uint start, int length) => length == 0 || (address >> (32 - length)) == (start >> (32 - length));
}
