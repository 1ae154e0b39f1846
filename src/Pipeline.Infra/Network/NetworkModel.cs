namespace Pipeline.Infra;

/// <summary>The network that the given templates describe.</summary>
internal sealed class NetworkModel
{
    internal List<Vpc> Vpcs { get; } = [];

    internal List<Subnet> Subnets { get; } = [];

    internal List<RouteTable> Tables { get; } = [];

    internal List<NetworkAcl> Acls { get; } = [];

    internal List<SecurityGroup> Groups { get; } = [];

    internal List<NetworkInterface> Interfaces { get; } = [];

    internal List<NatGateway> Nats { get; } = [];

    internal List<VpcEndpoint> Endpoints { get; } = [];

    internal List<LoadBalancer> LoadBalancers { get; } = [];

    internal List<TargetGroup> TargetGroups { get; } = [];

    /// <summary>Gets what makes every answer impossible: macros, resources of EC2 that are not modeled.</summary>
    internal List<Gap> GlobalGaps { get; } = [];

    /// <summary>Gets the resources with interfaces that are not modeled, with the reason.</summary>
    internal List<RefusedResource> Refused { get; } = [];

    internal List<Finding> Findings { get; } = [];

    internal SortedDictionary<string, string> Assumptions { get; init; } = new(StringComparer.Ordinal);

    internal List<ResourceEntry> Resources { get; } = [];
}
