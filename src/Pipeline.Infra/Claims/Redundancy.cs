namespace Pipeline.Infra;

/// <summary>Reads from a resource whether it is in one place at a time.</summary>
internal static class Redundancy
{
    /// <summary>Says why the resource is in one place only; null when it is spread.</summary>
    internal static (string Text, Location At)? OnlyOnePlace(ResourceEntry resource)
    {
        switch (resource.Type)
        {
            case "AWS::RDS::DBInstance":
                if (resource.Get("DBClusterIdentifier") is not AbsentValue || Facts.Bool(resource.Get("MultiAZ")) == true)
                    return null;
                return ("is in one zone at a time, since MultiAZ is not true", resource.PlaceOf("MultiAZ"));
            case "AWS::ElastiCache::ReplicationGroup":
                int copies = Facts.Int(resource.Get("NumCacheClusters")) ?? (1 + (Facts.Int(resource.Get("ReplicasPerNodeGroup")) ?? 0));
                if (copies < 2)
                    return ("has one copy, since NumCacheClusters is not 2 or more", resource.At);
                if (Facts.Bool(resource.Get("AutomaticFailoverEnabled")) != true)
                    return ("has no automatic fail-over", resource.PlaceOf("AutomaticFailoverEnabled"));
                return Facts.Bool(resource.Get("MultiAZEnabled")) == true ? null : ("may have all copies in one zone, since MultiAZEnabled is not true", resource.PlaceOf("MultiAZEnabled"));
            case "AWS::ElastiCache::CacheCluster":
                return (Facts.Int(resource.Get("NumCacheNodes")) ?? 1) < 2 ? ("is one node", resource.At) : null;
            case "AWS::AutoScaling::AutoScalingGroup":
                return AtLeastTwo(resource, "MinSize") ?? null;
            case "AWS::ECS::Service":
                return AtLeastTwo(resource, "DesiredCount");
            default:
                return null;
        }
    }

    private static (string Text, Location At)? AtLeastTwo(ResourceEntry resource, string property) =>
        Facts.Int(resource.Get(property)) is >= 2 ? null : ($"may run as one, since {property} is not 2 or more", resource.PlaceOf(property));
}
