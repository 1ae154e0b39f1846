namespace Pipeline.Infra;

/// <summary>Finds every way between two parties. Holds what it worked out before, so it serves one state of the model only.</summary>
internal sealed class PathFinder
{
    private readonly AclRules _acls = new();
    private readonly RouteRules _routes;
    private readonly Dictionary<bool, Interval[]> _internet = [];
    private readonly InternetPaths _internetPaths;
    private readonly Dictionary<(Party From, Party To), List<FlowPath>> _paths = [];

    internal PathFinder(NetworkModel model)
    {
        Model = model;
        _routes = new RouteRules(model);
        _internetPaths = new InternetPaths(this);
    }

    internal NetworkModel Model { get; }

    internal List<FlowPath> Find(Party from, Party to)
    {
        if (_paths.TryGetValue((from, to), out List<FlowPath>? known))
            return known;
        List<FlowPath> paths = new();
        _paths.Add((from, to), paths);
        if (from.Interface is { } source && to.Interface is { } target)
        {
            AddLocal(source, target, PathVia.Local, paths);
            _internetPaths.AddThroughPublicAddress(source, target, paths);
        }
        else if (to.Interface is { } entered && from.IsInternet)
        {
            _internetPaths.AddInto(entered, paths);
        }
        else if (from.Interface is { } leaving && to.IsInternet)
        {
            _internetPaths.AddOutOf(leaving, paths);
        }
        else if (from.Interface is { } client && to.Service is { } service)
        {
            AddToService(client, service, paths);
        }

        return paths;
    }

    internal RouteRules Routes => _routes;

    internal Interval[] InternetAddresses(bool isV6)
    {
        if (!_internet.TryGetValue(isV6, out Interval[]? addresses))
        {
            addresses = AddressSets.Internet(isV6, Model.Vpcs.SelectMany(vpc => vpc.Blocks).Select(block => block.Range));
            _internet.Add(isV6, addresses);
        }

        return addresses;
    }

    internal PathBuilder Start(Party from, Party to, PathVia via, bool isV6, IReadOnlyList<Interval> sources, IReadOnlyList<Interval> destinations) =>
        new(_acls, _routes, from, to, via, isV6, sources, destinations);

    internal AclSets AclSetsOf(NetworkAcl acl, bool isEgress) => _acls.Get(acl, isEgress);

    internal void AddLocal(NetworkInterface source, NetworkInterface target, PathVia via, List<FlowPath> paths)
    {
        if (source == target && !source.CanHaveMany)
            return;
        Vpc? from = source.Subnet.Vpc;
        Vpc? to = target.Subnet.Vpc;
        bool isOneSubnet = source.Subnet == target.Subnet;
        bool isOneNetwork = isOneSubnet || (from is not null && from == to);
        bool mayBeOneNetwork = isOneNetwork || from is null || to is null || (from.Foreign is not null && to.Foreign is not null);
        IEnumerable<Gap> doors = [.. from?.Doors ?? [], .. to?.Doors ?? []];
        if (!mayBeOneNetwork && !doors.Any())
            return;
        foreach (bool isV6 in (bool[])[false, true])
        {
            IReadOnlyList<Interval> sources = source.Addresses(isV6);
            IReadOnlyList<Interval> destinations = target.Addresses(isV6);
            if (sources.Count == 0 || destinations.Count == 0)
                continue;
            PathBuilder builder = Start(Party.Of(source), Party.Of(target), mayBeOneNetwork ? via : PathVia.Unknown, isV6, sources, destinations);
            builder.Path.Needs.Add(source.Subnet);
            builder.Path.Needs.Add(target.Subnet);
            builder.Group(source, isEgress: true, new GroupPeer(target, null));
            if (!isOneNetwork)
            {
                Gap gap = mayBeOneNetwork ? source.Subnet.Foreign ?? target.Subnet.Foreign ?? from?.Foreign ?? to!.Foreign! : doors.First();
                builder.Fact(Layer.Route, "NO_ROUTE_TO_DESTINATION", null, gap, mayBeOneNetwork ? "whether both ends are in one network is not known" : "the networks are joined by something that is not modeled", gap.At);
            }

            AddBorder(builder, source, target, isOneSubnet, isOneNetwork || mayBeOneNetwork);
            paths.Add(builder.Path);
        }
    }

    internal static void Listen(PathBuilder builder, NetworkInterface target)
    {
        if (!target.IsListeningOnly)
            return;
        if (target.LoadBalancer is not { } balancer)
        {
            builder.Fact(Layer.Balancer, "NOT_LISTENING", false, null, $"{target.Name} is a function: it opens connections and accepts none", target.Resource.At);
            return;
        }

        PacketSet may = PacketSet.UnionOf(balancer.Listeners.Select(listener => PacketSet.Of(listener.Match.Box)));
        PacketSet must = PacketSet.UnionOf(balancer.Listeners.Where(listener => listener.Gap is null).Select(listener => PacketSet.Of(listener.Match.Box)));
        string code = target.Kind == InterfaceKind.ClassicLoadBalancer ? "ELB_LISTENERS_MISMATCH" : "ELBV2_LISTENERS_MISMATCH";
        builder.Add(Layer.Balancer, code, may, must, [.. balancer.Listeners.Select(listener => listener.Gap).OfType<Gap>()], packet =>
        {
            Listener? hit = balancer.Listeners.Find(listener => listener.Match.Box.Contains(packet));
            return hit is null
                ? new StageStep($"{balancer.Name} has no listener for it", balancer.Resource.At)
                : new StageStep($"listener {hit.Name} of {balancer.Name} accepts {hit.Match}", hit.At);
        });
    }

    private void AddBorder(PathBuilder builder, NetworkInterface source, NetworkInterface target, bool isOneSubnet, bool isLocal)
    {
        bool isClassic = source.Kind == InterfaceKind.ClassicLoadBalancer;
        if (isOneSubnet)
        {
            // Within a subnet no ACL is asked and no route; a classic load balancer is the exception.
            if (isClassic)
                builder.Acl(source.Subnet, isEgress: true, isReply: false, "ELB_ACL_RESTRICTION");
            builder.Group(target, isEgress: false, new GroupPeer(source, null));
            Listen(builder, target);
            if (isClassic)
                builder.Acl(source.Subnet, isEgress: false, isReply: true, "ELB_ACL_RESTRICTION");
            return;
        }

        builder.Acl(source.Subnet, isEgress: true, isReply: false);
        if (isLocal)
            builder.Route(source.Subnet, Dimension.Destination, region => region.Target == RouteTarget.Local, " inside the network", isReply: false);
        builder.Acl(target.Subnet, isEgress: false, isReply: false);
        builder.Group(target, isEgress: false, new GroupPeer(source, null));
        Listen(builder, target);
        builder.Acl(target.Subnet, isEgress: true, isReply: true);
        if (isLocal)
            builder.Route(target.Subnet, Dimension.Source, region => region.Target == RouteTarget.Local, " inside the network", isReply: true);
        builder.Acl(source.Subnet, isEgress: false, isReply: true);
    }

    private void AddToService(NetworkInterface client, string service, List<FlowPath> paths)
    {
        VpcEndpoint[] endpoints = [.. Model.Endpoints.Where(endpoint => IsFor(endpoint, service) && (endpoint.Vpc == client.Subnet.Vpc || client.Subnet.Vpc is null))];
        bool isCaptured = false;
        foreach (VpcEndpoint endpoint in endpoints.Where(e => !e.IsGateway))
        {
            // Only private DNS sends the public name of the service to the endpoint.
            bool answers = endpoint.HasPrivateDns && endpoint.Vpc is { HasDnsSupport: true, HasDnsHostnames: true };
            foreach (NetworkInterface item in Model.Interfaces.Where(item => item.Endpoint == endpoint))
            {
                int first = paths.Count;
                AddLocal(client, item, PathVia.InterfaceEndpoint, paths);
                for (int i = first; i < paths.Count && !answers; i++)
                {
                    string text = endpoint.HasPrivateDns
                        ? $"private DNS of endpoint {endpoint.Name} needs EnableDnsSupport and EnableDnsHostnames of {endpoint.Vpc?.Name}"
                        : $"endpoint {endpoint.Name} has no private DNS, so the public name of {service} does not lead to it";
                    paths[i].Stages.Add(new Stage { Layer = Layer.Address, Code = "PRIVATE_DNS_OFF", May = PacketSet.Empty, Must = PacketSet.Empty, Explain = _ => new StageStep(text, endpoint.At) });
                }
            }

            isCaptured |= answers;
        }

        if (isCaptured)
            return;
        _internetPaths.AddToGatewayEndpoint(client, service, endpoints, paths);
        // The prefix list of the service is longer than any default route: where the endpoint is in the table, nothing goes out by NAT.
        bool isRouted = client.Subnet.Table is { } table && table.Routes.Exists(route => route.Endpoint is { } endpoint && route.Gap is null && endpoints.Contains(endpoint));
        if (!isRouted)
            _internetPaths.AddOutOf(client, paths, service);
    }

    internal static bool IsFor(VpcEndpoint endpoint, string service) =>
        string.Equals(endpoint.ServiceShortName, service, StringComparison.Ordinal) || endpoint.Service.EndsWith($".{service}", StringComparison.Ordinal);
}
