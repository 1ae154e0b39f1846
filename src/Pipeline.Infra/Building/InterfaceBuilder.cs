namespace Pipeline.Infra;

/// <summary>Makes interfaces: one per resource and subnet, with groups and kind of address.</summary>
internal static class InterfaceBuilder
{
    // The ranges from which systems take the port of a new connection.
    internal static readonly Interval LinuxPorts = new(32768, 60999);
    internal static readonly Interval WidePorts = new(1024, 65535);

    internal static void AddEndpoint(BuildContext context, ResourceEntry resource, VpcEndpoint endpoint)
    {
        InterfaceRequest request = new(resource, InterfaceKind.Endpoint, context.SubnetsOf(resource, "SubnetIds", resource.Get("SubnetIds")))
        {
            Groups = resource.Get("SecurityGroupIds"),
            GroupProperty = "SecurityGroupIds",
            Listening = [new PortMatch(Protocols.Tcp, new Interval(443, 443))],
            CanBePublic = false,
            Endpoint = endpoint,
        };
        endpoint.Subnets.AddRange(request.Subnets);
        Add(context, request);
    }

    internal static List<NetworkInterface> Add(BuildContext context, InterfaceRequest request)
    {
        List<NetworkInterface> added = new();
        foreach (Subnet subnet in request.Subnets)
        {
            (bool? isPublic, Gap? publicGap) = PublicOf(context, request, subnet);
            bool hasIpv6 = subnet.V6 is not null && (request.WantsIpv6 ?? subnet.AssignsIpv6);
            NetworkInterface item = new()
            {
                Name = request.Subnets.Count == 1 ? request.Resource.Name : $"{request.Resource.Name} in {subnet.Name}",
                Resource = request.Resource,
                Kind = request.Kind,
                Subnet = subnet,
                HasGroups = request.HasGroups,
                FixedAddress = request.FixedAddress,
                HasIpv6 = hasIpv6,
                IsPublic = isPublic,
                PublicGap = publicGap,
                Listening = request.Listening,
                IsListeningOnly = request.IsListeningOnly,
                CanHaveMany = request.CanHaveMany,
                EphemeralPorts = request.Kind is InterfaceKind.Function or InterfaceKind.ApplicationLoadBalancer or InterfaceKind.NetworkLoadBalancer or InterfaceKind.ClassicLoadBalancer ? WidePorts : LinuxPorts,
                LoadBalancer = request.LoadBalancer,
                Endpoint = request.Endpoint,
            };
            if (item.HasGroups)
                SetGroups(context, request, item);
            if (request.Resource.Exists.Known is null)
                item.GroupGap ??= BuildContext.ExistenceGap(request.Resource);
            context.Model.Interfaces.Add(item);
            added.Add(item);
        }

        return added;
    }

    private static void SetGroups(BuildContext context, InterfaceRequest request, NetworkInterface item)
    {
        IReadOnlyList<Value> groups = Facts.Items(request.Groups);
        if (groups.Count == 0)
        {
            // No group named: the default group of the network.
            if (item.Subnet.Vpc is { } vpc)
                item.Groups.Add(vpc.DefaultGroup);
            else
                item.GroupGap = new Gap(request.Resource.Name, request.GroupProperty, request.Resource.At, "no group is named, so it is the default group of a network that is not in the template.", "Name a group of the template.");
            return;
        }

        foreach (Value value in groups)
        {
            SecurityGroup group = context.GroupOf(request.Resource, request.GroupProperty, value);
            if (!item.Groups.Contains(group))
                item.Groups.Add(group);
        }
    }

    private static (bool? IsPublic, Gap? Gap) PublicOf(BuildContext context, InterfaceRequest request, Subnet subnet)
    {
        if (!request.CanBePublic)
            return (false, null);
        if (request.ElasticAddress)
            return (true, null);
        switch (request.Public)
        {
            case AbsentValue when request.PublicDefault is { } known:
                return (known, null);
            case AbsentValue when request.PublicWithGateway && subnet.Vpc is { Foreign: null, InternetGateway: null, Doors.Count: 0 }:
                return (false, null);
            case AbsentValue when request.PublicWithGateway:
                return (null, new Gap(request.Resource.Name, request.PublicProperty, request.Resource.At, "the property is not written, and what AWS then does depends on the network's internet gateway.", $"Write {request.PublicProperty}: false."));
            case AbsentValue when subnet.Foreign is { } gap:
                return (null, gap);
            case AbsentValue:
                return (subnet.AssignsPublicIp, subnet.PublicIpGap);
            default:
                bool? value = Facts.Text(request.Public)?.ToUpperInvariant() switch { "ENABLED" => true, "DISABLED" => false, _ => Facts.Bool(request.Public) };
                return value is { } told ? (told, null) : (null, BuildContext.GapOf(request.Resource, request.PublicProperty, request.Public, "neither true nor false.", "Write true or false."));
        }
    }
}
