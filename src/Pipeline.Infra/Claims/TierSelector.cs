namespace Pipeline.Infra;

/// <summary>Names a set of resources by type, tag, logical name or security group.</summary>
public sealed class TierSelector
{
    /// <summary>Gets the types; empty for any.</summary>
    public IList<string> Types { get; } = [];

    /// <summary>Gets the tags that a resource must carry, all of them; empty for any.</summary>
    public IDictionary<string, string> Tags { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the logical names; empty for any.</summary>
    public IList<string> Resources { get; } = [];

    /// <summary>Gets the logical names of security groups of which a member carries one; empty for any.</summary>
    public IList<string> Groups { get; } = [];

    internal Location At { get; set; } = new("claims", 1);

    internal bool IsEmpty => Types.Count == 0 && Tags.Count == 0 && Resources.Count == 0 && Groups.Count == 0;

    internal bool Matches(ResourceEntry resource, IEnumerable<SecurityGroup> groups)
    {
        if (Types.Count > 0 && !Types.Contains(resource.Type))
            return false;
        if (Resources.Count > 0 && !Resources.Contains(resource.LogicalId) && !Resources.Contains(resource.Name))
            return false;
        if (Groups.Count > 0 && !groups.Any(group => Groups.Contains(group.Name)))
            return false;
        return Tags.All(tag => HasTag(resource, tag.Key, tag.Value));
    }

    private static bool HasTag(ResourceEntry resource, string key, string value)
    {
        foreach (string property in (string[])["Tags", "HostedZoneTags", "FileSystemTags"])
        {
            Value tags = resource.Get(property);
            if (tags is MapValue map && map.Entries.TryGetValue(key, out Value? direct) && direct.Key == value)
                return true;
            if (tags is ListValue list && list.Items.Any(tag => Facts.Entry(tag, "Key").Key == key && Facts.Entry(tag, "Value").Key == value))
                return true;
        }

        return false;
    }
}
