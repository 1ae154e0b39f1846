namespace Pipeline.Infra;

/// <summary>The model while it is built, with the resources by what they became.</summary>
internal sealed class BuildContext
{
    private readonly Dictionary<string, Vpc> _foreignVpcs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Subnet> _foreignSubnets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SecurityGroup> _foreignGroups = new(StringComparer.Ordinal);

    internal required NetworkModel Model { get; init; }

    internal required string Region { get; init; }

    /// <summary>Gets the ids of prefix lists that the caller knows, with the service of each.</summary>
    internal required IReadOnlyDictionary<string, string> PrefixListIds { get; init; }

    internal Dictionary<ResourceEntry, Vpc> Vpcs { get; } = [];

    internal Dictionary<ResourceEntry, Subnet> Subnets { get; } = [];

    internal Dictionary<ResourceEntry, RouteTable> Tables { get; } = [];

    internal Dictionary<ResourceEntry, NetworkAcl> Acls { get; } = [];

    internal Dictionary<ResourceEntry, SecurityGroup> Groups { get; } = [];

    internal Dictionary<ResourceEntry, NatGateway> Nats { get; } = [];

    internal Dictionary<ResourceEntry, PrefixList> PrefixLists { get; } = [];

    internal Dictionary<ResourceEntry, TargetGroup> TargetGroups { get; } = [];

    internal Dictionary<ResourceEntry, LoadBalancer> LoadBalancers { get; } = [];

    /// <summary>Gets the networks that an internet gateway is attached to.</summary>
    internal Dictionary<ResourceEntry, Vpc> GatewayOwners { get; } = [];

    /// <summary>Gets the resources that are created, or may be, of one type.</summary>
    internal IEnumerable<ResourceEntry> OfType(string type) => Model.Resources.Where(resource => resource.Type == type);

    /// <summary>Describes why a property has no known value.</summary>
    internal static Gap GapOf(ResourceEntry resource, string property, Value value, string otherwise, string give)
    {
        Location at = resource.PlaceOf(property.Split('.', '[')[0]);
        return value switch
        {
            UnknownValue unknown => new Gap(resource.Name, property, at, $"hangs on {Subject(unknown.Gap)} ({unknown.Gap.At}): {unknown.Gap.Reason}", unknown.Gap.Give),
            _ => new Gap(resource.Name, property, at, otherwise, give),
        };
    }

    internal static Gap ExistenceGap(ResourceEntry resource)
    {
        Gap inner = resource.Exists.Gap!;
        return new Gap(resource.Name, "Condition", resource.At, $"whether the resource is created hangs on {Subject(inner)} ({inner.At}): {inner.Reason}", inner.Give);
    }

    internal Vpc VpcOf(ResourceEntry user, string property)
    {
        Value value = user.Get(property);
        if (value is ReferenceValue { Attribute: null } reference && Vpcs.TryGetValue(reference.Resource, out Vpc? vpc))
            return vpc;
        string key = value.Key;
        if (_foreignVpcs.TryGetValue(key, out vpc))
            return vpc;
        Gap gap = value is AbsentValue
            ? new Gap(user.Name, property, user.At, "no network is named, so it is the default network of the account, which is not in the template.", $"Write '{property}', or give a template with the network by --imports.")
            : GapOf(user, property, value, $"the network '{key}' is not in the template.", "Give the template that declares it with --imports.");
        vpc = CreateVpc(value is UnknownValue unknown ? Subject(unknown.Gap) : key.Length == 0 ? "default network" : key, key, gap.At, gap);
        _foreignVpcs.Add(key, vpc);
        return vpc;
    }

    internal Vpc CreateVpc(string name, string key, Location at, Gap? foreign)
    {
        Vpc vpc = new()
        {
            Name = name,
            Key = key,
            At = at,
            Foreign = foreign,
            MainTable = new RouteTable { Name = $"main table of {name}", At = at },
            DefaultAcl = NetworkAcl.CreateDefault($"default ACL of {name}", at),
            DefaultGroup = new SecurityGroup { Name = $"default group of {name}", Key = $"default:{key}", At = at, Foreign = foreign },
        };
        vpc.MainTable.Vpc = vpc;
        if (foreign is null)
        {
            vpc.DefaultGroup.Ingress.Add(new GroupRule { At = at, Match = PortMatch.All, Group = vpc.DefaultGroup });
            GroupBuilder.AddDefaultEgress(vpc.DefaultGroup, null);
        }

        Model.Vpcs.Add(vpc);
        Model.Tables.Add(vpc.MainTable);
        Model.Acls.Add(vpc.DefaultAcl);
        Model.Groups.Add(vpc.DefaultGroup);
        return vpc;
    }

    internal Subnet SubnetOf(ResourceEntry user, string property, Value value)
    {
        if (value is ReferenceValue { Attribute: null } reference && Subnets.TryGetValue(reference.Resource, out Subnet? subnet))
            return subnet;
        string key = value is AbsentValue ? "default subnet" : value.Key;
        if (_foreignSubnets.TryGetValue(key, out subnet))
            return subnet;
        Gap gap = value is AbsentValue
            ? new Gap(user.Name, property, user.At, "no subnet is named, so it is one of the default network of the account, which is not in the template.", "Name a subnet of the template.")
            : GapOf(user, property, value, $"the subnet '{key}' is not in the template.", "Give the template that declares it with --imports.");
        string name = value is UnknownValue unknown ? Subject(unknown.Gap) : key;
        subnet = new Subnet { Name = name, Key = key, At = gap.At, Vpc = null, Foreign = gap, Zone = new Zone(name, false, gap) };
        _foreignSubnets.Add(key, subnet);
        Model.Subnets.Add(subnet);
        return subnet;
    }

    internal IReadOnlyList<Subnet> SubnetsOf(ResourceEntry user, string property, Value value)
    {
        IReadOnlyList<Value> items = Facts.Items(value);
        if (items.Count == 0)
            return [SubnetOf(user, property, AbsentValue.Instance)];
        return [.. items.Select(item => SubnetOf(user, property, item)).Distinct()];
    }

    internal SecurityGroup GroupOf(ResourceEntry user, string property, Value value)
    {
        if (value is ReferenceValue { Attribute: null } reference && Groups.TryGetValue(reference.Resource, out SecurityGroup? group))
            return group;
        if (value is ReferenceValue { Attribute: "DefaultSecurityGroup" } ofVpc && Vpcs.TryGetValue(ofVpc.Resource, out Vpc? vpc))
            return vpc.DefaultGroup;
        string key = value.Key;
        if (_foreignGroups.TryGetValue(key, out group))
            return group;
        Gap gap = GapOf(user, property, value, $"the security group '{key}' is not in the template.", "Give the template that declares it with --imports.");
        group = new SecurityGroup { Name = value is UnknownValue unknown ? Subject(unknown.Gap) : key, Key = key, At = gap.At, Foreign = gap };
        _foreignGroups.Add(key, group);
        Model.Groups.Add(group);
        return group;
    }

    internal static string Subject(Gap gap) => (gap.Resource, gap.Property) switch
    {
        ("", _) => gap.Property,
        (_, "Parameter") => $"parameter {gap.Resource}",
        (_, "Export") => $"export {gap.Resource}",
        _ when gap.Property.StartsWith("Parameter", StringComparison.Ordinal) => $"parameter {gap.Resource}{gap.Property["Parameter".Length..]}",
        _ => $"{gap.Resource}.{gap.Property}",
    };
}
