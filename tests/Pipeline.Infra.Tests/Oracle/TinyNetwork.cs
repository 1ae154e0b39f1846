namespace Pipeline.Infra.Tests;

/// <summary>A network in the plainest form: numbers and texts, nothing of the product. Both oracles read it, and it can be written as a template.</summary>
internal sealed class TinyNetwork
{
    internal List<TinySubnet> Subnets { get; } = [];

    internal List<List<TinyRoute>> Tables { get; } = [];

    internal List<List<TinyAclEntry>> Acls { get; } = [];

    internal List<TinyGroup> Groups { get; } = [];

    internal List<TinyInterface> Interfaces { get; } = [];

    internal List<int> NatSubnets { get; } = [];

    internal bool HasInternetGateway { get; set; }
}

/// <param name="Block">The addresses, for example 10.0.1.0/24.</param>
/// <param name="Table">The index of the table; -1 for the main one.</param>
/// <param name="Acl">The index of the ACL; -1 for the default one.</param>
internal sealed record TinySubnet(string Block, int Table, int Acl);

/// <param name="Block">The destination.</param>
/// <param name="Nat">The index of the NAT gateway; -1 for the internet gateway.</param>
internal sealed record TinyRoute(string Block, int Nat);

internal sealed record TinyAclEntry(int Number, bool Egress, bool Allow, int Protocol, int First, int Last, string Block);

internal sealed record TinyRule(int Protocol, int First, int Last, string? Block, int Group);

internal sealed class TinyGroup
{
    internal List<TinyRule> Ingress { get; } = [];

    internal List<TinyRule> Egress { get; } = [];
}

/// <param name="Subnet">The index of the subnet.</param>
/// <param name="Host">The number of the address within the block.</param>
/// <param name="Groups">The indexes of the groups; empty for the default group.</param>
/// <param name="Public">Whether it has a public address.</param>
/// <param name="Name">The name of the resource, when it came from a template.</param>
internal sealed record TinyInterface(int Subnet, int Host, int[] Groups, bool Public, string Name = "");
