namespace Pipeline.Infra;

/// <summary>The ways in from the internet and out to it.</summary>
internal sealed class InternetPaths(PathFinder finder)
{
    internal void AddInto(NetworkInterface target, List<FlowPath> paths)
    {
        foreach (bool isV6 in (bool[])[false, true])
        {
            IReadOnlyList<Interval> destinations = target.Addresses(isV6);
            if (destinations.Count == 0)
                continue;
            PathBuilder builder = finder.Start(Party.Internet, Party.Of(target), PathVia.InternetGateway, isV6, finder.InternetAddresses(isV6), destinations);
            builder.Path.Needs.Add(target.Subnet);
            if (!isV6)
                PublicAddress(builder, target, "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS", isReply: false);
            Gateway(builder, target.Subnet);
            builder.Route(target.Subnet, Dimension.Source, region => region.Target == RouteTarget.InternetGateway, " through an internet gateway", isReply: false);
            builder.Acl(target.Subnet, isEgress: false, isReply: false);
            builder.Group(target, isEgress: false, GroupPeer.Internet);
            PathFinder.Listen(builder, target);
            builder.Acl(target.Subnet, isEgress: true, isReply: true);
            paths.Add(builder.Path);
            AddDoor(target, isV6, paths);
        }

        BalancedPaths.AddThroughNetworkLoadBalancers(finder, target, paths);
    }

    internal void AddOutOf(NetworkInterface source, List<FlowPath> paths, string? service = null)
    {
        Party to = service is null ? Party.Internet : Party.OfService(service);
        foreach (bool isV6 in (bool[])[false, true])
        {
            IReadOnlyList<Interval> sources = source.Addresses(isV6);
            if (sources.Count == 0)
                continue;
            foreach (PathVia via in isV6 ? (PathVia[])[PathVia.InternetGateway, PathVia.EgressOnlyGateway] : [PathVia.InternetGateway])
                AddGateway(source, to, via, isV6, sources, paths);
            if (!isV6 && source.Subnet.Table is { } table)
            {
                foreach (NatGateway nat in table.Routes.Where(route => route.Target == RouteTarget.Nat).Select(route => route.Nat!).Distinct())
                    AddNat(source, to, nat, sources, paths);
            }

            AddUnknown(source, to, isV6, sources, paths);
        }
    }

    internal void AddToGatewayEndpoint(NetworkInterface client, string service, IEnumerable<VpcEndpoint> endpoints, List<FlowPath> paths)
    {
        VpcEndpoint[] gateways = [.. endpoints.Where(endpoint => endpoint.IsGateway)];
        IReadOnlyList<Interval> sources = client.Addresses(isV6: false);
        if (gateways.Length == 0 || sources.Count == 0)
            return;
        VpcEndpoint first = gateways[0];
        PathBuilder builder = finder.Start(Party.Of(client), Party.OfService(service), PathVia.GatewayEndpoint, isV6: false, sources, finder.InternetAddresses(isV6: false));
        builder.Unknown(Dimension.Destination, new Gap(first.Name, "ServiceName", first.At, $"the public addresses of {service} are not in the template.", "Allow all addresses, or the service's prefix list."));
        builder.Path.Needs.Add(client.Subnet);
        builder.Group(client, isEgress: true, new GroupPeer(null, service));
        builder.Acl(client.Subnet, isEgress: true, isReply: false);
        Route? route = client.Subnet.Table?.Routes.Find(r => r.Endpoint is { } endpoint && gateways.Contains(endpoint));
        if (client.Subnet.Table is not { } table)
            builder.Fact(Layer.Route, "NO_ROUTE_TO_DESTINATION", null, client.Subnet.Foreign, $"the route table of subnet {client.Subnet.Name} is not known", client.Subnet.At);
        else
            builder.Fact(Layer.Route, "NO_ROUTE_TO_DESTINATION", route is not null, route?.Gap, route is null ? $"route table {table.Name} is not named by the gateway endpoint {first.Name}" : $"route table {table.Name}: the prefix list of {service} leads to gateway endpoint {route.Endpoint!.Name}", route?.At ?? table.At);
        builder.Acl(client.Subnet, isEgress: false, isReply: true);
        paths.Add(builder.Path);
    }

    internal void AddThroughPublicAddress(NetworkInterface source, NetworkInterface target, List<FlowPath> paths)
    {
        IReadOnlyList<Interval> sources = source.Addresses(isV6: false);
        IReadOnlyList<Interval> destinations = target.Addresses(isV6: false);
        if (target.IsPublic == false || sources.Count == 0 || destinations.Count == 0 || (source == target && !source.CanHaveMany))
            return;
        List<FlowPath> outward = finder.Find(Party.Of(source), Party.Internet);
        FlowPath? entry = finder.Find(Party.Internet, Party.Of(target)).Find(path => path.Via == PathVia.InternetGateway && !path.IsV6);
        foreach (FlowPath exit in outward.Where(path => !path.IsV6 && path.Via != PathVia.Unknown))
        {
            if (entry is null || entry.Arrives(must: false).IsEmpty || exit.Arrives(must: false).IsEmpty)
                continue;
            PathBuilder builder = finder.Start(Party.Of(source), Party.Of(target), PathVia.PublicAddress, isV6: false, sources, destinations);
            builder.Path.Needs.AddRange(exit.Needs);
            builder.Path.Needs.AddRange(entry.Needs);
            PathLegs.Append(builder, exit, Dimension.Destination, AddressGap(target));
            PathLegs.Append(builder, entry, Dimension.Source, AddressGap(source));
            paths.Add(builder.Path);
        }
    }

    internal static void Gateway(PathBuilder builder, Subnet subnet)
    {
        if (subnet.Vpc is not { } vpc)
        {
            builder.Fact(Layer.Route, "NO_ROUTE_TO_DESTINATION", null, subnet.Foreign, "whether the network has an internet gateway is not known", subnet.At);
            return;
        }

        bool? holds = vpc.InternetGateway is not null ? true : vpc.Foreign is null ? false : null;
        string text = vpc.InternetGateway is { } gateway ? $"internet gateway {gateway.Name} is attached to {vpc.Name}" : $"no internet gateway is attached to {vpc.Name}";
        Gap? gap = vpc.PublicAccessBlock ?? (holds is null ? vpc.Foreign : null);
        builder.Fact(Layer.Route, "NO_ROUTE_TO_DESTINATION", vpc.PublicAccessBlock is null ? holds : holds == false ? false : null, gap, text, vpc.InternetGateway?.At ?? vpc.At);
    }

    private static Gap AddressGap(NetworkInterface item) =>
        new(item.Name, "public address", item.Resource.At, "AWS gives the public address at deployment.", "Name neighbors by their group and private address, not by public blocks.");

    private static void PublicAddress(PathBuilder builder, NetworkInterface item, string code, bool isReply) =>
        builder.Fact(Layer.Address, code, item.IsPublic, item.IsPublic is null ? item.PublicGap : null, $"{item.Name} has {(item.IsPublic == true ? "a" : item.IsPublic == false ? "no" : "perhaps a")} public address", item.Resource.At, isReply);

    private void AddGateway(NetworkInterface source, Party to, PathVia via, bool isV6, IReadOnlyList<Interval> sources, List<FlowPath> paths)
    {
        PathBuilder builder = finder.Start(Party.Of(source), to, via, isV6, sources, finder.InternetAddresses(isV6));
        RouteTarget wanted = via == PathVia.InternetGateway ? RouteTarget.InternetGateway : RouteTarget.EgressOnlyGateway;
        builder.Path.Needs.Add(source.Subnet);
        builder.Group(source, isEgress: true, new GroupPeer(null, to.Service));
        builder.Acl(source.Subnet, isEgress: true, isReply: false);
        builder.Route(source.Subnet, Dimension.Destination, region => region.Target == wanted, " through an internet gateway", isReply: false);
        if (!isV6)
            PublicAddress(builder, source, "IGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS", isReply: false);
        if (via == PathVia.InternetGateway)
            Gateway(builder, source.Subnet);
        builder.Acl(source.Subnet, isEgress: false, isReply: true);
        paths.Add(builder.Path);
    }

    private void AddNat(NetworkInterface source, Party to, NatGateway nat, IReadOnlyList<Interval> sources, List<FlowPath> paths)
    {
        PathBuilder builder = finder.Start(Party.Of(source), to, PathVia.NatGateway, isV6: false, sources, finder.InternetAddresses(isV6: false));
        builder.Path.Needs.Add(source.Subnet);
        builder.Group(source, isEgress: true, new GroupPeer(null, to.Service));
        builder.Acl(source.Subnet, isEgress: true, isReply: false);
        builder.Route(source.Subnet, Dimension.Destination, region => region.Route?.Nat == nat, $" through NAT gateway {nat.Name}", isReply: false);
        NatLeg.Add(finder, builder, source, nat);
        builder.Acl(source.Subnet, isEgress: false, isReply: true);
        paths.Add(builder.Path);
    }

    // A route to something that is not modeled may lead to the internet or not.
    private void AddUnknown(NetworkInterface source, Party to, bool isV6, IReadOnlyList<Interval> sources, List<FlowPath> paths)
    {
        Subnet subnet = source.Subnet;
        if (subnet.Table is not null && !subnet.Table.Routes.Exists(route => route.Target == RouteTarget.Unknown))
            return;
        PathBuilder builder = finder.Start(Party.Of(source), to, PathVia.Unknown, isV6, sources, finder.InternetAddresses(isV6));
        builder.Path.Needs.Add(subnet);
        builder.Group(source, isEgress: true, new GroupPeer(null, to.Service));
        builder.Acl(subnet, isEgress: true, isReply: false);
        builder.Route(subnet, Dimension.Destination, region => region.Target == RouteTarget.Unknown, " to a target that is not modeled", isReply: false);
        if (subnet.Table?.Routes.Find(route => route.Target == RouteTarget.Unknown) is { } unknown)
            builder.Fact(Layer.Route, "NO_ROUTE_TO_DESTINATION", null, unknown.Gap, $"route {unknown.Name} leads to a target that is not modeled", unknown.At);
        builder.Acl(subnet, isEgress: false, isReply: true);
        paths.Add(builder.Path);
    }

    private void AddDoor(NetworkInterface target, bool isV6, List<FlowPath> paths)
    {
        foreach (Gap door in target.Subnet.Vpc?.Doors ?? [])
        {
            PathBuilder builder = finder.Start(Party.Internet, Party.Of(target), PathVia.Unknown, isV6, finder.InternetAddresses(isV6), target.Addresses(isV6));
            builder.Path.Needs.Add(target.Subnet);
            builder.Fact(Layer.Route, "NO_ROUTE_TO_DESTINATION", null, door, $"{door.Resource} joins the network to another one, which may lead to the internet", door.At);
            builder.Acl(target.Subnet, isEgress: false, isReply: false);
            builder.Group(target, isEgress: false, GroupPeer.Internet);
            PathFinder.Listen(builder, target);
            builder.Acl(target.Subnet, isEgress: true, isReply: true);
            paths.Add(builder.Path);
        }
    }
}
