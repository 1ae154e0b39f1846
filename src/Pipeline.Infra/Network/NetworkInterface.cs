namespace Pipeline.Infra;

/// <summary>All interfaces of one resource in one subnet: they share groups, subnet and kind of address.</summary>
internal sealed class NetworkInterface
{
    internal required string Name { get; init; }

    internal required ResourceEntry Resource { get; init; }

    internal required InterfaceKind Kind { get; init; }

    internal required Subnet Subnet { get; set; }

    internal List<SecurityGroup> Groups { get; } = [];

    /// <summary>Gets or sets why the groups are not known.</summary>
    internal Gap? GroupGap { get; set; }

    /// <summary>Gets a value indicating whether groups apply at all: not to a network load balancer without one.</summary>
    internal bool HasGroups { get; init; } = true;

    internal UInt128? FixedAddress { get; init; }

    internal bool HasIpv6 { get; set; }

    /// <summary>Gets or sets whether the interface has a public IPv4 address; null when it is not known.</summary>
    internal bool? IsPublic { get; set; }

    internal Gap? PublicGap { get; set; }

    /// <summary>Gets the ports that something listens on; null when the template does not tell.</summary>
    internal IReadOnlyList<PortMatch>? Listening { get; set; }

    /// <summary>Gets a value indicating whether packets to other ports than <see cref="Listening"/> go nowhere by construction, as with load balancers.</summary>
    internal bool IsListeningOnly { get; init; }

    internal bool CanHaveMany { get; init; } = true;

    internal required Interval EphemeralPorts { get; init; }

    internal LoadBalancer? LoadBalancer { get; init; }

    internal VpcEndpoint? Endpoint { get; init; }

    internal IReadOnlyList<Interval> Addresses(bool isV6)
    {
        if (isV6)
            return HasIpv6 && Subnet.V6 is { } v6 ? [v6.Range] : [];
        if (FixedAddress is { } address && address >= Cidr.V4Start && address <= Cidr.V4Start + uint.MaxValue)
            return [new Interval(address, address)];
        return Subnet.UsableV4 is { } range ? [range] : Subnet.Foreign is not null || Subnet.AddressGap is not null ? [Box.AllV4] : [];
    }

    /// <summary>Gets why the address is not known, even as a range.</summary>
    internal Gap? AddressGap => FixedAddress is null ? Subnet.AddressGap ?? Subnet.Foreign : null;

    public override string ToString() => Name;
}
