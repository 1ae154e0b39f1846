namespace Pipeline.Infra;

/// <summary>What a resource says about its interfaces.</summary>
internal sealed class InterfaceRequest(ResourceEntry resource, InterfaceKind kind, IReadOnlyList<Subnet> subnets)
{
    internal ResourceEntry Resource { get; } = resource;

    internal InterfaceKind Kind { get; } = kind;

    internal IReadOnlyList<Subnet> Subnets { get; } = subnets;

    internal Value Groups { get; init; } = AbsentValue.Instance;

    internal string GroupProperty { get; init; } = "SecurityGroupIds";

    internal bool HasGroups { get; init; } = true;

    internal Value Public { get; init; } = AbsentValue.Instance;

    internal string PublicProperty { get; init; } = "AssociatePublicIpAddress";

    /// <summary>Gets what holds when nothing is written; null when the subnet decides.</summary>
    internal bool? PublicDefault { get; init; }

    /// <summary>Gets a value indicating whether, when nothing is written, an internet gateway of the network makes the address public, as with databases.</summary>
    internal bool PublicWithGateway { get; init; }

    internal bool CanBePublic { get; init; } = true;

    internal bool ElasticAddress { get; init; }

    internal bool? WantsIpv6 { get; init; }

    internal UInt128? FixedAddress { get; init; }

    internal IReadOnlyList<PortMatch>? Listening { get; init; }

    internal bool IsListeningOnly { get; init; }

    internal bool CanHaveMany { get; init; } = true;

    internal LoadBalancer? LoadBalancer { get; init; }

    internal VpcEndpoint? Endpoint { get; init; }
}
