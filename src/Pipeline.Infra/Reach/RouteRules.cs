namespace Pipeline.Infra;

/// <summary>Divides the addresses among the routes of a table: longest prefix first, then local, static, prefix list.</summary>
internal sealed class RouteRules(NetworkModel model)
{
    private readonly Dictionary<RouteTable, List<RouteRegion>> _regions = [];

    internal List<RouteRegion> Get(RouteTable table)
    {
        if (!_regions.TryGetValue(table, out List<RouteRegion>? regions))
        {
            regions = Compute(table);
            _regions.Add(table, regions);
        }

        return regions;
    }

    /// <summary>Gets the packets whose address in the given field is routed to a target.</summary>
    internal (PacketSet May, PacketSet Must, List<Gap> Gaps) To(RouteTable table, Dimension field, Func<RouteRegion, bool> isWanted)
    {
        List<Box> may = new();
        List<Box> must = new();
        List<Gap> gaps = new();
        foreach (RouteRegion region in Get(table))
        {
            if (region.Route?.Gap is { } gap)
                gaps.Add(gap);
            if (!isWanted(region))
                continue;
            may.AddRange(region.May.Select(interval => Box.Everything.With(field, interval)));
            must.AddRange(region.Must.Select(interval => Box.Everything.With(field, interval)));
        }

        return (PacketSet.Of(may), PacketSet.Of(must), gaps);
    }

    internal StageStep Explain(RouteTable table, UInt128 destination, string wanted)
    {
        string address = Cidr.FormatAddress(destination);
        foreach (RouteRegion region in Get(table))
        {
            if (region.Target == RouteTarget.GatewayEndpoint || !region.May.Any(interval => interval.Contains(destination)))
                continue;
            string target = region.Target switch
            {
                RouteTarget.Local => "stays inside the network (local route)",
                RouteTarget.InternetGateway => "goes to the internet gateway",
                RouteTarget.EgressOnlyGateway => "goes to the egress-only gateway",
                RouteTarget.Nat => $"goes to NAT gateway {region.Route!.Nat!.Name}",
                RouteTarget.Nowhere => "is dropped: its gateway is not attached to the network",
                _ => "goes to a target that is not modeled",
            };
            string route = region.Route is null ? "" : $"route {region.Route.DestinationText}: ";
            return new StageStep($"route table {table.Name}: {route}{address} {target}", region.Route?.At ?? table.At);
        }

        return new StageStep($"route table {table.Name} has no route for {address}{wanted}", table.At);
    }

    private List<RouteRegion> Compute(RouteTable table)
    {
        List<(int Length, int Rank, Interval Range, Route? Route)> candidates = new();
        foreach (Cidr block in LocalBlocks(table))
            candidates.Add((Depth(block), 0, block.Range, null));
        foreach (Route route in table.Routes)
        {
            if (route.Destination is { } destination)
                candidates.Add((Depth(destination), 1, destination.Range, route));
            foreach (Cidr block in route.PrefixList?.Blocks ?? [])
                candidates.Add((Depth(block), 2, block.Range, route));
        }

        List<Interval> taken = new(); // decided by an earlier route for sure
        List<Interval> shaky = new(); // perhaps decided by an earlier route
        List<RouteRegion> regions = new();
        bool hasStray = table.Routes.Exists(IsStray);
        foreach ((int _, int _, Interval range, Route? route) in candidates.OrderByDescending(c => c.Length).ThenBy(c => c.Rank))
        {
            Interval[] may = AddressSets.Subtract([range], taken);
            // A route with an unknown destination may be longer than any but the local one, which nothing static of equal length overrides.
            bool isSure = route?.Gap is null && (!hasStray || route is null);
            regions.Add(new RouteRegion(route, may, isSure ? AddressSets.Subtract(may, shaky) : []));
            (route?.Gap is null ? taken : shaky).AddRange(may);
        }

        foreach (Route route in table.Routes.Where(IsStray))
            regions.Add(new RouteRegion(route, AddressSets.Subtract([Box.AllAddresses], LocalBlocks(table).Select(block => block.Range)), []));
        foreach (Route route in table.Routes.Where(r => r.Target == RouteTarget.GatewayEndpoint))
            regions.Add(new RouteRegion(route, [Box.AllAddresses], route.Gap is null ? [Box.AllAddresses] : []));
        return regions;
    }

    private static bool IsStray(Route route) =>
        route.Target != RouteTarget.GatewayEndpoint && route.Destination is null && (route.PrefixList is null || route.PrefixList.Gap is not null || route.PrefixList.Service is not null);

    private static int Depth(Cidr block) => block.IsV6 ? block.Length : block.Length + 96;

    // The blocks of a network outside the template are not known, but those of its subnets here are inside them.
    private IEnumerable<Cidr> LocalBlocks(RouteTable table)
    {
        if (table.Vpc is not { } vpc)
            return [];
        IEnumerable<Cidr> blocks = vpc.Blocks;
        if (vpc.Foreign is not null)
            blocks = blocks.Concat(model.Subnets.Where(subnet => subnet.Vpc == vpc).SelectMany(subnet => new[] { subnet.V4, subnet.V6 }).OfType<Cidr>());
        return blocks;
    }
}
