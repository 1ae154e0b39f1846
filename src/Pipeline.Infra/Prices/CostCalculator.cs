namespace Pipeline.Infra;

/// <summary>Adds up what a template and a month's usage cost.</summary>
public static class CostCalculator
{
    /// <summary>Works the cost out.</summary>
    /// <param name="template">The template.</param>
    /// <param name="usage">The usage.</param>
    /// <param name="prices">The prices.</param>
    /// <returns>One line per resource and per figure of the usage.</returns>
    public static CostReport Calculate(InfraTemplate template, UsageFile usage, PriceList prices)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(usage);
        ArgumentNullException.ThrowIfNull(prices);
        CostLines lines = new(usage, prices);
        NetworkModel model = template.Network;
        foreach (ResourceEntry resource in model.Resources)
            AddResource(lines, model, resource);
        AddTraffic(lines, model, usage);
        return new CostReport { Files = template.Files, Region = prices.Region, Lines = lines.Lines, Notes = lines.Notes };
    }

    private static void AddResource(CostLines lines, NetworkModel model, ResourceEntry resource)
    {
        switch (resource.Type)
        {
            case "AWS::EC2::NatGateway":
                NatGateway nat = model.Nats.First(n => n.Name == resource.Name);
                lines.AddHours("nat-hour", $"NAT gateway {resource.Name}", nat.IsRegional ? Math.Max(1, model.Subnets.Select(s => s.Zone.Name).Distinct().Count()) : 1, resource.At);
                break;
            case "AWS::EC2::VPCEndpoint" when Facts.Text(resource.Get("VpcEndpointType")) == "Interface":
                lines.AddHours("endpoint-hour", $"interface endpoint {resource.Name}", Facts.Items(resource.Get("SubnetIds")).Count, resource.At);
                break;
            case "AWS::EC2::EIP":
                lines.AddHours("public-address-hour", $"public address {resource.Name}", 1, resource.At);
                break;
            case "AWS::ElasticLoadBalancingV2::LoadBalancer":
                AddLoadBalancer(lines, model, resource);
                break;
            case "AWS::EC2::Instance":
                AddServers(lines, resource, resource.Get("InstanceType"), 1, resource.Get("BlockDeviceMappings"));
                // An elastic address is a line of its own.
                if (model.Interfaces.Exists(item => item.Resource == resource && item.IsPublic == true) && !HasElasticAddress(model, resource))
                    lines.AddHours("public-address-hour", $"public address of {resource.Name}", 1, resource.At);
                break;
            case "AWS::AutoScaling::AutoScalingGroup":
                (Value data, ResourceEntry? template) = ComputeBuilder.LaunchData(resource.Get("LaunchTemplate"));
                int count = Facts.Int(resource.Get("DesiredCapacity")) ?? Facts.Int(resource.Get("MinSize")) ?? 1;
                AddServers(lines, resource, Facts.Entry(data, "InstanceType"), count, Facts.Entry(data, "BlockDeviceMappings"));
                _ = template;
                break;
            case "AWS::ECS::Service" when Facts.Text(resource.Get("LaunchType")) is null or "FARGATE":
                AddTasks(lines, resource);
                break;
            case "AWS::RDS::DBInstance":
                string copies = Facts.Bool(resource.Get("MultiAZ")) == true ? "double" : "single";
                lines.AddHours($"database:{resource.Get("DBInstanceClass").Key}:{copies}", $"database {resource.Name}", 1, resource.At);
                lines.Add($"database-disk-gb:{copies}", $"disk of database {resource.Name}", Facts.Int(resource.Get("AllocatedStorage")) ?? 0, resource.At);
                break;
            case "AWS::ElastiCache::ReplicationGroup":
                int nodes = Facts.Int(resource.Get("NumCacheClusters")) ?? (1 + (Facts.Int(resource.Get("ReplicasPerNodeGroup")) ?? 0)) * (Facts.Int(resource.Get("NumNodeGroups")) ?? 1);
                lines.AddHours($"cache:{resource.Get("CacheNodeType").Key}:{Facts.Text(resource.Get("Engine")) ?? "redis"}", $"session store {resource.Name}, {nodes} nodes", nodes, resource.At);
                break;
            default:
                break;
        }
    }

    private static bool HasElasticAddress(NetworkModel model, ResourceEntry instance) => model.Resources.Exists(resource => resource.Type is "AWS::EC2::EIP" or "AWS::EC2::EIPAssociation"
        && resource.Get("InstanceId") is ReferenceValue reference && reference.Resource == instance);

    private static void AddLoadBalancer(CostLines lines, NetworkModel model, ResourceEntry resource)
    {
        lines.AddHours("load-balancer-hour", $"load balancer {resource.Name}", 1, resource.At);
        lines.AddHours("load-balancer-lcu-hour", $"load of load balancer {resource.Name}", lines.Usage.Get("load-balancer-lcu", 1m), resource.At);
        int addresses = model.Interfaces.Count(item => item.Resource == resource && item.IsPublic == true);
        if (addresses > 0)
            lines.AddHours("public-address-hour", $"public addresses of load balancer {resource.Name}, one per zone", addresses, resource.At);
    }

    private static void AddServers(CostLines lines, ResourceEntry resource, Value type, int count, Value disks)
    {
        lines.AddHours($"server:{type.Key}", $"{count} servers of {resource.Name}", count, resource.At);
        decimal gigabytes = Facts.Items(disks).Sum(disk => Facts.Int(Facts.Entry(Facts.Entry(disk, "Ebs"), "VolumeSize")) ?? 0);
        if (gigabytes == 0)
        {
            gigabytes = lines.Usage.Get("server-disk-gb", 8m);
            lines.Note($"{resource.Name} names no disk; {gigabytes} GB each are counted (server-disk-gb of the usage)");
        }

        lines.Add("disk-gb", $"disks of {resource.Name}", gigabytes * count, resource.At);
    }

    private static void AddTasks(CostLines lines, ResourceEntry resource)
    {
        ResourceEntry? definition = (resource.Get("TaskDefinition") as ReferenceValue)?.Resource;
        if (definition is null || Facts.Int(definition.Get("Cpu")) is not { } cpu || Facts.Int(definition.Get("Memory")) is not { } memory)
        {
            lines.Note($"{resource.Name} names no task definition of the template with Cpu and Memory; its tasks are not counted");
            return;
        }

        int count = Facts.Int(resource.Get("DesiredCount")) ?? 1;
        lines.AddHours("fargate-vcpu-hour", $"processors of {count} tasks of {resource.Name}", count * cpu / 1024m, resource.At);
        lines.AddHours("fargate-gb-hour", $"memory of {count} tasks of {resource.Name}", count * memory / 1024m, resource.At);
    }

    private static void AddTraffic(CostLines lines, NetworkModel model, UsageFile usage)
    {
        Location at = new("usage", 1);
        bool hasNat = model.Nats.Count > 0;
        lines.AddUsed("nat-gb", "traffic through NAT gateways", hasNat ? usage.Get("nat-gb") : 0, at);
        decimal s3 = usage.Get("s3-gb");
        bool byEndpoint = model.Tables.Exists(table => table.Routes.Exists(route => route.Endpoint is { ServiceShortName: "s3" }));
        if (s3 > 0 && byEndpoint)
            lines.Note($"{s3:0} GB to S3 go by the gateway endpoint, which costs nothing");
        else if (s3 > 0 && hasNat)
            lines.AddUsed("nat-gb", "traffic to S3 through NAT gateways", s3, at);
        lines.AddUsed("endpoint-gb", "traffic through interface endpoints", usage.Get("endpoint-gb"), at);
        lines.AddUsed("internet-gb", "traffic to the internet after 100 GB free", Math.Max(0, usage.Get("internet-gb") - 100), at);
        lines.AddUsed("zone-gb", "traffic between zones, both directions", 2 * usage.Get("zone-gb"), at);
        // Files, requests and logs are paid for where the template has something that keeps them.
        if (model.Resources.Exists(resource => resource.Type == "AWS::S3::Bucket"))
        {
            lines.AddUsed("file-gb", "stored files", usage.Get("file-gb"), at);
            lines.AddUsed("file-put-1000", "files written", usage.Get("file-puts") / 1000, at);
            lines.AddUsed("file-get-1000", "files read", usage.Get("file-gets") / 1000, at);
        }

        if (model.Resources.Exists(resource => resource.Type == "AWS::SQS::Queue"))
            lines.AddUsed("queue-million", "requests to queues after one million free", Math.Max(0, usage.Get("queue-requests") - 1_000_000) / 1_000_000, at);
        if (model.Resources.Exists(resource => resource.Type == "AWS::Logs::LogGroup"))
            lines.AddUsed("log-gb", "log lines", usage.Get("log-gb"), at);
    }
}
