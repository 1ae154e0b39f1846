namespace Pipeline.Infra;

/// <summary>A private network with its blocks of addresses and what belongs to it by default.</summary>
internal sealed class Vpc
{
    internal required string Name { get; init; }

    internal required string Key { get; init; }

    internal required Location At { get; init; }

    /// <summary>Gets why nothing is known about the network; null for one that the template declares.</summary>
    internal Gap? Foreign { get; init; }

    internal List<Cidr> Blocks { get; } = [];

    internal bool HasDnsSupport { get; set; } = true;

    internal bool HasDnsHostnames { get; set; }

    internal ResourceEntry? InternetGateway { get; set; }

    internal ResourceEntry? EgressOnlyGateway { get; set; }

    internal required RouteTable MainTable { get; init; }

    internal required NetworkAcl DefaultAcl { get; init; }

    internal required SecurityGroup DefaultGroup { get; init; }

    /// <summary>Gets the ways in and out that are not modeled: transit gateways, peering, VPN.</summary>
    internal List<Gap> Doors { get; } = [];

    /// <summary>Gets or sets what may cut the internet gateway off and is not modeled.</summary>
    internal Gap? PublicAccessBlock { get; set; }
}
