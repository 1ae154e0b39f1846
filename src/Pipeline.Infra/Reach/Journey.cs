namespace Pipeline.Infra;

/// <summary>The connections that a request makes, one after another: load balancers end one and begin the next.</summary>
internal sealed class Journey(PathFinder finder)
{
    private const int MaxConnections = 5;

    /// <summary>Finds the shortest chain of working connections.</summary>
    /// <returns>The legs with a packet of each; empty when there is none.</returns>
    internal List<(FlowPath Path, Packet Packet)> Find(IReadOnlyList<Party> from, IReadOnlyList<Party> to, int? port)
    {
        HashSet<NetworkInterface> wanted = [.. to.Select(party => party.Interface).OfType<NetworkInterface>()];
        Queue<(Party At, List<(FlowPath, Packet)> Legs, int? Port)> queue = new();
        HashSet<Party> seen = new();
        foreach (Party party in from)
            queue.Enqueue((party, [], port));
        while (queue.Count > 0)
        {
            (Party at, List<(FlowPath, Packet)> legs, int? wantedPort) = queue.Dequeue();
            if (!seen.Add(at) || legs.Count >= MaxConnections)
                continue;
            if (at.Interface?.LoadBalancer is { } balancer)
            {
                foreach ((NetworkInterface target, int? targetPort) in TargetsOf(balancer, legs.Count > 0 ? legs[^1].Item2.DestinationPort : null))
                {
                    if (Leg(at, Party.Of(target), targetPort) is { } leg)
                    {
                        if (wanted.Contains(target))
                            return [.. legs, leg];
                        queue.Enqueue((Party.Of(target), [.. legs, leg], null));
                    }
                }

                continue;
            }

            foreach (Party party in to)
            {
                if (Leg(at, party, wantedPort) is { } leg)
                    return [.. legs, leg];
            }

            foreach (NetworkInterface node in finder.Model.LoadBalancers.SelectMany(b => b.Interfaces))
            {
                if (Leg(at, Party.Of(node), wantedPort, mustForward: true) is { } leg)
                    queue.Enqueue((Party.Of(node), [.. legs, leg], null));
            }
        }

        return [];
    }

    private (FlowPath Path, Packet Packet)? Leg(Party from, Party to, int? port, bool mustForward = false)
    {
        Interval clientPorts = from.Interface?.EphemeralPorts ?? InterfaceBuilder.WidePorts;
        IReadOnlyList<PortMatch>? served = to.Interface?.Listening;
        if (mustForward && to.Interface?.LoadBalancer is { } balancer)
            served = [.. balancer.Listeners.Where(listener => listener.Targets.Count > 0).Select(listener => listener.Match)];
        foreach (FlowPath path in finder.Find(from, to))
        {
            PacketSet set = path.Connects(must: true).Intersect(PacketSet.Of(Box.Everything with { SourcePort = clientPorts }));
            if (port is { } known)
                set = set.Intersect(PacketSet.Of(Box.Everything with { DestinationPort = new Interval((UInt128)known, (UInt128)known) }));
            if (served is not null)
                set = set.Intersect(PacketSet.UnionOf(served.Select(match => PacketSet.Of(match.Box))));
            if (!set.IsEmpty)
                return (path, PacketSample.Of(set));
        }

        return null;
    }

    private IEnumerable<(NetworkInterface Target, int? Port)> TargetsOf(LoadBalancer balancer, int? listenerPort)
    {
        foreach (Listener listener in balancer.Listeners)
        {
            if (listenerPort is { } port && !listener.Match.Ports.Contains((UInt128)port))
                continue;
            foreach (TargetGroup group in listener.Targets)
            {
                foreach (RegisteredTarget target in group.Targets)
                {
                    foreach (NetworkInterface item in finder.Model.Interfaces.Where(item => item.Resource == target.Resource))
                        yield return (item, target.Port ?? group.Port);
                }
            }
        }
    }
}
