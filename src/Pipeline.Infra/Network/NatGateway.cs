namespace Pipeline.Infra;

/// <summary>A gateway that lets private interfaces open connections to the internet and none come in.</summary>
internal sealed class NatGateway
{
    internal required string Name { get; init; }

    internal required Location At { get; init; }

    /// <summary>Gets the subnet; null for a regional one, which spans the zones.</summary>
    internal Subnet? Subnet { get; init; }

    internal bool IsRegional => Subnet is null;

    internal Vpc? Vpc { get; init; }

    internal bool IsPrivate { get; init; }

    internal bool HasPublicAddress { get; init; }

    internal Gap? Gap { get; init; }
}
