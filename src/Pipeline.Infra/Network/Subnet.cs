namespace Pipeline.Infra;

/// <summary>A part of a network within one zone.</summary>
internal sealed class Subnet
{
    internal required string Name { get; init; }

    internal required string Key { get; init; }

    internal required Location At { get; init; }

    /// <summary>Gets the network; null when not even that is known.</summary>
    internal required Vpc? Vpc { get; init; }

    /// <summary>Gets why nothing is known about the subnet; null for one that the template declares.</summary>
    internal Gap? Foreign { get; init; }

    internal Cidr? V4 { get; set; }

    internal Cidr? V6 { get; set; }

    internal bool AssignsIpv6 { get; set; }

    internal bool? AssignsPublicIp { get; set; } = false;

    internal Gap? PublicIpGap { get; set; }

    internal required Zone Zone { get; set; }

    /// <summary>Gets or sets why the addresses are not known, though the subnet is declared.</summary>
    internal Gap? AddressGap { get; set; }

    internal RouteTable? Table { get; set; }

    internal bool IsTableExplicit { get; set; }

    internal NetworkAcl? Acl { get; set; }

    internal bool IsAclExplicit { get; set; }

    internal List<Gap> Gaps { get; } = [];

    /// <summary>Gets the addresses that an interface can get: AWS keeps the first four and the last of each IPv4 block.</summary>
    internal Interval? UsableV4 => V4 is { } block && block.Length <= 28 ? new Interval(block.Range.First + 4, block.Range.Last - 1) : V4?.Range;
}
