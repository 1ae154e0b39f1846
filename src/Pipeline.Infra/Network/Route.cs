namespace Pipeline.Infra;

/// <summary>Where packets to some addresses go.</summary>
internal sealed class Route
{
    internal required string Name { get; init; }

    internal required Location At { get; init; }

    /// <summary>Gets the destination as a block; null for a prefix list, a service or an unknown destination.</summary>
    internal Cidr? Destination { get; init; }

    /// <summary>Gets the blocks of a prefix list that the template declares.</summary>
    internal PrefixList? PrefixList { get; init; }

    internal required RouteTarget Target { get; set; }

    internal NatGateway? Nat { get; set; }

    internal VpcEndpoint? Endpoint { get; init; }

    /// <summary>Gets why destination, target or existence is not known.</summary>
    internal Gap? Gap { get; init; }

    internal string DestinationText => Destination?.ToString() ?? PrefixList?.Name ?? (Endpoint is { } endpoint ? $"the addresses of {endpoint.ServiceShortName}" : "an unknown destination");
}
