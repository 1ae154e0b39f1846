namespace Pipeline.Infra;

/// <summary>Adds controls to one path; addresses that are not known are taken as any (may) or as every (must).</summary>
internal sealed class PathBuilder
{
    private readonly AclRules _acls;
    private readonly RouteRules _routes;
    private readonly List<(Dimension Field, Gap Gap)> _unknown = [];

    internal PathBuilder(AclRules acls, RouteRules routes, Party from, Party to, PathVia via, bool isV6, IReadOnlyList<Interval> sources, IReadOnlyList<Interval> destinations)
    {
        _acls = acls;
        _routes = routes;
        Path = new FlowPath { From = from, To = to, Via = via, IsV6 = isV6, Universe = AddressSets.Universe(sources, destinations) };
        if (from.Interface?.AddressGap is { } source)
            _unknown.Add((Dimension.Source, source));
        if (to.Interface?.AddressGap is { } destination)
            _unknown.Add((Dimension.Destination, destination));
    }

    internal FlowPath Path { get; }

    /// <summary>Declares a field of which the template does not name the values.</summary>
    internal void Unknown(Dimension field, Gap gap) => _unknown.Add((field, gap));

    internal void Group(NetworkInterface item, bool isEgress, GroupPeer peer)
    {
        if (!item.HasGroups)
            return;
        (PacketSet may, PacketSet must, List<Gap> gaps) = GroupRules.Compute(item, isEgress, peer);
        Add(Layer.Group, "ENI_SG_RULES_MISMATCH", may, must, gaps, packet => GroupRules.Explain(item, isEgress, peer, packet));
    }

    /// <summary>Adds the ACL of a subnet; for an answer the direction is that of the answer.</summary>
    internal void Acl(Subnet subnet, bool isEgress, bool isReply, string code = "SUBNET_ACL_RESTRICTION")
    {
        if (subnet.Acl is not { } acl || SubnetGap(subnet, "network ACL") is not null)
        {
            Gap gap = SubnetGap(subnet, "network ACL") ?? Missing(subnet, "network ACL");
            Add(Layer.Acl, code, PacketSet.Everything, PacketSet.Empty, [gap], _ => new StageStep($"the ACL of subnet {subnet.Name} is not known", gap.At), isReply);
            return;
        }

        AclSets sets = _acls.Get(acl, isEgress);
        Add(Layer.Acl, code, sets.Get(false, isReply), sets.Get(true, isReply), sets.Gaps,
            packet => AclRules.Explain(acl, isEgress, isReply ? packet.Reply() : packet, subnet.Name), isReply);
    }

    /// <summary>Adds the table of a subnet: the address in the field must be routed to a target of the wanted kind.</summary>
    internal void Route(Subnet subnet, Dimension field, Func<RouteRegion, bool> isWanted, string wanted, bool isReply)
    {
        if (subnet.Table is not { } table || SubnetGap(subnet, "route table") is not null)
        {
            Gap gap = SubnetGap(subnet, "route table") ?? Missing(subnet, "route table");
            // The local route is in every table: inside one network only a longer route could take the packet away.
            Add(Layer.Route, "NO_ROUTE_TO_DESTINATION", PacketSet.Everything, PacketSet.Empty, [gap], _ => new StageStep($"the route table of subnet {subnet.Name} is not known", gap.At), isReply);
            return;
        }

        (PacketSet may, PacketSet must, List<Gap> gaps) = _routes.To(table, field, isWanted);
        Add(Layer.Route, "NO_ROUTE_TO_DESTINATION", may, must, gaps, packet => _routes.Explain(table, field == Dimension.Destination ? packet.Destination : packet.Source, wanted), isReply);
    }

    /// <summary>Adds a fact that holds or not, whatever the packet.</summary>
    internal void Fact(Layer layer, string code, bool? holds, Gap? gap, string text, Location at, bool isReply = false) =>
        Add(layer, code, holds == false ? PacketSet.Empty : PacketSet.Everything, holds == true && gap is null ? PacketSet.Everything : PacketSet.Empty, gap is null ? [] : [gap], _ => new StageStep(text, at), isReply);

    internal void Add(Layer layer, string code, PacketSet may, PacketSet must, IReadOnlyList<Gap> gaps, Func<Packet, StageStep> explain, bool isReply = false)
    {
        may = may.Intersect(Path.Universe);
        must = must.Intersect(Path.Universe);
        List<Gap>? more = null;
        foreach ((Dimension field, Gap gap) in _unknown)
        {
            Interval range = Box.AllAddresses;
            PacketSet some = may.ForSome(field, range).Intersect(Path.Universe);
            PacketSet every = must.ForAll(field, Path.Universe, range).Intersect(Path.Universe);
            if (!some.IsSubsetOf(every))
                (more ??= [.. gaps]).Add(gap);
            (may, must) = (some, every);
        }

        Path.Stages.Add(new Stage { Layer = layer, Code = code, May = may, Must = must, Gaps = more ?? gaps, Explain = explain, IsReply = isReply });
    }

    private static Gap? SubnetGap(Subnet subnet, string what)
    {
        if (subnet.Foreign is not null)
            return subnet.Foreign;
        string property = what == "route table" ? "RouteTableId" : "NetworkAclId";
        return subnet.Gaps.Find(gap => gap.Property == what || gap.Property == property);
    }

    private static Gap Missing(Subnet subnet, string what) => new(subnet.Name, what, subnet.At, $"the {what} is not known.", "Declare it in the template.");
}
