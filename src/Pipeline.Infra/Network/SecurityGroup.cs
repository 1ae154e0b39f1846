namespace Pipeline.Infra;

/// <summary>A set of allow rules for interfaces. Stateful: the answer to an allowed packet always passes.</summary>
internal sealed class SecurityGroup
{
    internal required string Name { get; init; }

    internal required string Key { get; init; }

    internal required Location At { get; init; }

    /// <summary>Gets why the rules are not known; null for a group that the template declares.</summary>
    internal Gap? Foreign { get; set; }

    internal List<GroupRule> Ingress { get; } = [];

    internal List<GroupRule> Egress { get; } = [];

    public override string ToString() => $"group {Name} ({At})";
}
