namespace Pipeline.Infra;

/// <summary>One allow rule of a security group with one peer.</summary>
internal sealed class GroupRule
{
    internal required Location At { get; init; }

    internal required PortMatch Match { get; set; }

    /// <summary>Gets or sets the peer as a block; null when the peer is something else.</summary>
    internal Cidr? Block { get; set; }

    internal SecurityGroup? Group { get; set; }

    internal PrefixList? PrefixList { get; set; }

    /// <summary>Gets or sets why peer, ports or existence is not known.</summary>
    internal Gap? Gap { get; set; }

    internal string PeerText => Block?.ToString() ?? (Group is { } group ? $"group {group.Name}" : PrefixList is { } list ? $"prefix list {list.Name}" : "an unknown peer");

    internal GroupRule Copy() => (GroupRule)MemberwiseClone();
}
