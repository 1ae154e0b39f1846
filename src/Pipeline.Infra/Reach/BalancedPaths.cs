namespace Pipeline.Infra;

/// <summary>The ways through network load balancers that keep the client's address: client and target talk in one connection.</summary>
internal static class BalancedPaths
{
    internal static void AddThroughNetworkLoadBalancers(PathFinder finder, NetworkInterface target, List<FlowPath> paths)
    {
        foreach (LoadBalancer balancer in finder.Model.LoadBalancers)
        {
            if (balancer.Kind != InterfaceKind.NetworkLoadBalancer)
                continue;
            foreach (Listener listener in balancer.Listeners)
            {
                foreach (TargetGroup group in listener.Targets)
                {
                    RegisteredTarget? registered = group.Targets.Find(t => t.Resource == target.Resource);
                    if (registered is null || group.PreservesClientAddress == false)
                        continue;
                    int? port = registered.Port ?? group.Port;
                    foreach (NetworkInterface node in balancer.Interfaces)
                        Add(finder, node, listener, group, port, target, paths);
                }
            }
        }
    }

    private static void Add(PathFinder finder, NetworkInterface node, Listener listener, TargetGroup group, int? port, NetworkInterface target, List<FlowPath> paths)
    {
        IReadOnlyList<Interval> destinations = target.Addresses(isV6: false);
        FlowPath? entry = finder.Find(Party.Internet, Party.Of(node)).Find(path => path.Via == PathVia.InternetGateway && !path.IsV6);
        if (destinations.Count == 0 || entry is null)
            return;
        PathBuilder builder = finder.Start(Party.Internet, Party.Of(target), PathVia.NetworkLoadBalancer, isV6: false, finder.InternetAddresses(isV6: false), destinations);
        builder.Path.Needs.AddRange(entry.Needs);
        builder.Path.Needs.Add(target.Subnet);
        PacketSet accepted = PacketSet.Of(listener.Match.Box).Intersect(entry.Universe);
        foreach (Stage stage in entry.Stages)
        {
            PacketSet may = Free(stage.May, every: false);
            PacketSet must = Free(stage.Must, every: true);
            int lport = (int)listener.Match.Ports.First;
            UInt128 address = entry.Universe.Boxes[0].Destination.First;
            builder.Add(stage.Layer, stage.Code, may, must, stage.Gaps, packet => stage.Explain(packet with { Destination = address, DestinationPort = lport }), stage.IsReply);
        }

        Interval ports = port is { } known ? new Interval((UInt128)known, (UInt128)known) : Box.AllPorts;
        PacketSet forwarded = PacketSet.Of(listener.Match.Box with { DestinationPort = ports });
        bool isSure = port is not null && group.Gap is null && group.PreservesClientAddress == true && listener.Gap is null;
        Gap? gap = isSure ? null : group.Gap ?? listener.Gap ?? new Gap(group.Name, "Port", group.Resource.At, "the port of the targets, or whether they see the client's address, is not known.", "Write Port and preserve_client_ip.enabled.");
        builder.Add(Layer.Balancer, "ELBV2_LISTENER_REQUIRES_TG_ACCEPT", forwarded, isSure ? forwarded : PacketSet.Empty, gap is null ? [] : [gap],
            _ => new StageStep($"listener {listener.Name} passes {listener.Match} on to {target.Name} port {port}, with the client's address", listener.At));
        if (node.Subnet != target.Subnet)
        {
            builder.Acl(node.Subnet, isEgress: true, isReply: false);
            builder.Acl(target.Subnet, isEgress: false, isReply: false);
        }

        builder.Group(target, isEgress: false, new GroupPeer(node.HasGroups ? node : null, null));
        if (node.Subnet != target.Subnet)
        {
            builder.Acl(target.Subnet, isEgress: true, isReply: true);
            builder.Acl(node.Subnet, isEgress: false, isReply: true);
        }

        paths.Add(builder.Path);

        PacketSet Free(PacketSet set, bool every)
        {
            set = set.Intersect(accepted);
            set = every ? set.ForAll(Dimension.Destination, accepted, Box.AllAddresses) : set.ForSome(Dimension.Destination, Box.AllAddresses);
            return set.ForSome(Dimension.DestinationPort, Box.AllPorts);
        }
    }
}
