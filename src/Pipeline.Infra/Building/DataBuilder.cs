namespace Pipeline.Infra;

/// <summary>Builds the interfaces of databases, caches and file systems.</summary>
internal static class DataBuilder
{
    internal static void Build(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::RDS::DBInstance"))
            AddDatabase(context, resource);
        foreach (ResourceEntry resource in context.OfType("AWS::RDS::DBCluster"))
        {
            // The interfaces of an Aurora cluster are those of its instances.
            bool hasInstances = context.OfType("AWS::RDS::DBInstance").Any(instance => instance.Get("DBClusterIdentifier") is ReferenceValue cluster && cluster.Resource == resource);
            if (!hasInstances)
                AddCluster(context, resource, resource, resource.Get("PubliclyAccessible"));
        }

        foreach (ResourceEntry resource in context.OfType("AWS::ElastiCache::ReplicationGroup"))
            AddCache(context, resource, "SecurityGroupIds", "CacheSubnetGroupName", 6379);
        foreach (ResourceEntry resource in context.OfType("AWS::ElastiCache::CacheCluster"))
            AddCache(context, resource, "VpcSecurityGroupIds", "CacheSubnetGroupName", Facts.Text(resource.Get("Engine")) == "memcached" ? 11211 : 6379);
        foreach (ResourceEntry resource in context.OfType("AWS::EFS::MountTarget"))
        {
            InterfaceBuilder.Add(context, new InterfaceRequest(resource, InterfaceKind.FileSystem, [context.SubnetOf(resource, "SubnetId", resource.Get("SubnetId"))])
            {
                Groups = resource.Get("SecurityGroups"),
                GroupProperty = "SecurityGroups",
                CanBePublic = false,
                FixedAddress = Facts.Text(resource.Get("IpAddress")) is { } text ? Cidr.TryParseAddress(text) : null,
                Listening = [TcpPort(2049)],
                CanHaveMany = false,
            });
        }
    }

    internal static int? DefaultPort(string? engine) => engine switch
    {
        null => null,
        _ when engine.Contains("postgres", StringComparison.OrdinalIgnoreCase) => 5432,
        _ when engine.Contains("mysql", StringComparison.OrdinalIgnoreCase) || engine.Contains("mariadb", StringComparison.OrdinalIgnoreCase) || engine == "aurora" => 3306,
        _ when engine.StartsWith("sqlserver", StringComparison.OrdinalIgnoreCase) => 1433,
        _ when engine.StartsWith("oracle", StringComparison.OrdinalIgnoreCase) => 1521,
        _ => null,
    };

    private static PortMatch TcpPort(int port) => new(Protocols.Tcp, new Interval((UInt128)port, (UInt128)port));

    private static void AddDatabase(BuildContext context, ResourceEntry resource)
    {
        if (resource.Get("DBClusterIdentifier") is ReferenceValue { Resource: var cluster } && cluster.Type == "AWS::RDS::DBCluster")
        {
            AddCluster(context, resource, cluster, resource.Get("PubliclyAccessible"));
            return;
        }

        // A replica without a subnet group of its own uses that of its source.
        ResourceEntry place = resource.Get("DBSubnetGroupName") is AbsentValue && resource.Get("SourceDBInstanceIdentifier") is ReferenceValue { Resource: var origin } ? origin : resource;
        Add(context, resource, place, Facts.Text(resource.Get("Engine")) ?? Facts.Text(place.Get("Engine")), "VPCSecurityGroups", resource.Get("VPCSecurityGroups"), resource.Get("PubliclyAccessible"), resource.Get("Port"));
    }

    private static void AddCluster(BuildContext context, ResourceEntry resource, ResourceEntry cluster, Value isPublic) =>
        Add(context, resource, cluster, Facts.Text(cluster.Get("Engine")), "VpcSecurityGroupIds", cluster.Get("VpcSecurityGroupIds"), isPublic, cluster.Get("Port"));

    private static void Add(BuildContext context, ResourceEntry resource, ResourceEntry place, string? engine, string groupProperty, Value groups, Value isPublic, Value port)
    {
        int? number = port is AbsentValue ? DefaultPort(engine) : Facts.Int(port);
        InterfaceBuilder.Add(context, new InterfaceRequest(resource, InterfaceKind.Database, SubnetsOfGroup(context, place, "DBSubnetGroupName"))
        {
            Groups = groups,
            GroupProperty = groupProperty,
            Public = isPublic,
            PublicProperty = "PubliclyAccessible",
            PublicWithGateway = true,
            Listening = number is { } known ? [TcpPort(known)] : null,
            WantsIpv6 = Facts.Text(resource.Get("NetworkType")) == "DUAL",
        });
    }

    private static void AddCache(BuildContext context, ResourceEntry resource, string groupProperty, string subnetProperty, int defaultPort)
    {
        InterfaceBuilder.Add(context, new InterfaceRequest(resource, InterfaceKind.Cache, SubnetsOfGroup(context, resource, subnetProperty))
        {
            Groups = resource.Get(groupProperty),
            GroupProperty = groupProperty,
            CanBePublic = false,
            Listening = [TcpPort(Facts.Int(resource.Get("Port")) ?? defaultPort)],
        });
    }

    private static IReadOnlyList<Subnet> SubnetsOfGroup(BuildContext context, ResourceEntry resource, string property)
    {
        Value group = resource.Get(property);
        if (group is ReferenceValue { Resource: var declared } && declared.Type is "AWS::RDS::DBSubnetGroup" or "AWS::ElastiCache::SubnetGroup")
            return context.SubnetsOf(declared, "SubnetIds", declared.Get("SubnetIds"));
        return [context.SubnetOf(resource, property, group)];
    }
}
