namespace Pipeline.Infra;

/// <summary>Reads the parts of the user's path from the resources, in the order of a request.</summary>
internal static class ComponentFinder
{
    internal static void AddEntry(NetworkModel model, List<Component> components)
    {
        foreach (ResourceEntry record in model.Resources.Where(resource => resource.Type == "AWS::Route53::RecordSet"))
        {
            Value address = Facts.Items(record.Get("ResourceRecords")).FirstOrDefault(AbsentValue.Instance);
            bool isFixed = record.Get("AliasTarget") is AbsentValue && Facts.Items(record.Get("ResourceRecords")).Count == 1;
            Component component = new()
            {
                Name = record.Name,
                Kind = "record",
                Role = $"leads the name {record.Get("Name").Key} to the deployment",
                At = record.At,
                Alone = isFixed ? "names one address; when the machine behind it changes, the record must be changed by hand and old answers live on until they expire" : null,
                Redundancy = isFixed ? "" : "an alias that follows the load balancer",
                UsersSee = "the browser says that the site cannot be reached",
                ComesBack = isFixed ? $"by hand, and then after the record's time to live ({record.Get("TTL").Key} s)" : "by itself",
            };
            if (address is ReferenceValue { Resource: var target })
                component.Needs.Add(target.Name);
            components.Add(component);
        }

        foreach (ResourceEntry address in model.Resources.Where(resource => resource.Type == "AWS::EC2::EIP" && IsUserAddress(model, resource)))
        {
            Component component = new()
            {
                Name = address.Name,
                Kind = "address",
                Role = "the one public address that users connect to",
                At = address.At,
                Alone = "leads to one machine; no other takes over",
                UsersSee = "the browser says that the site cannot be reached",
                ComesBack = "by hand: attach it to another machine",
            };
            if (OwnerOf(model, address) is { } owner)
                component.Needs.Add(owner.Name);
            components.Add(component);
        }

        foreach (LoadBalancer balancer in model.LoadBalancers)
            components.Add(OfLoadBalancer(balancer));
    }

    internal static void AddCompute(NetworkModel model, ClaimSet claims, List<Component> components)
    {
        foreach (ResourceEntry instance in model.Resources.Where(resource => resource.Type == "AWS::EC2::Instance"))
            AddInstance(model, claims, instance, components);
        foreach (ResourceEntry group in model.Resources.Where(resource => resource.Type is "AWS::AutoScaling::AutoScalingGroup" or "AWS::ECS::Service"))
        {
            bool isService = group.Type == "AWS::ECS::Service";
            Zone[] zones = ZonesOf(model, group);
            (string Text, Location At)? one = Redundancy.OnlyOnePlace(group);
            string? alone = zones.Length == 1 ? "runs in one zone only" : one is { } why ? why.Text : null;
            string count = (isService ? group.Get("DesiredCount") : group.Get("MinSize")).Key;
            components.Add(new Component
            {
                Name = group.Name,
                Kind = isService ? "service" : "servers",
                Role = isService ? "runs the program in copies" : "runs machines that are replaced by themselves",
                At = group.At,
                Alone = alone,
                Redundancy = alone is null ? $"at least {count}, over {Math.Max(zones.Length, 1)} zones" : "",
                LostWithZone = zones.Length == 1,
                UsersSee = "errors until the last healthy copy is replaced",
                ComesBack = "by itself: a failed copy is replaced (measure the time with a rehearsal)",
            });
        }
    }

    internal static void AddData(NetworkModel model, List<Component> components)
    {
        foreach (ResourceEntry resource in model.Resources)
        {
            switch (resource.Type)
            {
                case "AWS::RDS::DBInstance" when resource.Get("DBClusterIdentifier") is AbsentValue:
                    components.Add(OfStore(resource, "database", "keeps the records", "a second copy in another zone takes over (MultiAZ)", "an error on every page that reads or writes", "by itself within one to two minutes when MultiAZ is on; else from the last backup, by hand"));
                    break;
                case "AWS::ElastiCache::ReplicationGroup" or "AWS::ElastiCache::CacheCluster":
                    components.Add(OfStore(resource, "session-store", "knows who is logged in", "a replica takes over by itself", "everybody is logged out", "by itself within a minute when a replica stands by; else empty, by a new node"));
                    break;
                case "AWS::S3::Bucket":
                    components.Add(Regional(resource, "upload-store", "holds uploaded files", "kept in three or more zones by the service"));
                    break;
                case "AWS::SQS::Queue":
                    components.Add(Regional(resource, "queue", "keeps jobs until they are done", "kept in several zones by the service"));
                    break;
                case "AWS::EFS::FileSystem":
                    components.Add(Regional(resource, "upload-store", "holds uploaded files", "kept in several zones by the service"));
                    break;
                default:
                    break;
            }
        }
    }

    internal static void AddWaysOut(NetworkModel model, List<Component> components)
    {
        foreach (NatGateway nat in model.Nats)
        {
            Subnet[] users = [.. model.Subnets.Where(subnet => subnet.Table?.Routes.Exists(route => route.Nat == nat) == true)];
            bool crosses = nat.Subnet is { } home && users.Any(subnet => subnet.Zone.IsSameAs(home.Zone) == false);
            bool isAlone = !nat.IsRegional && (crosses || model.Nats.Count == 1);
            components.Add(new Component
            {
                Name = nat.Name,
                Kind = "way-out",
                Role = "lets private machines call the internet",
                At = nat.At,
                Alone = isAlone ? $"serves {string.Join(", ", users.Select(subnet => subnet.Name))}; with its zone all of them lose their way out" : null,
                Redundancy = isAlone ? "" : nat.IsRegional ? "regional: spans the zones" : "one in each zone, used by that zone only",
                LostWithZone = isAlone,
                UsersSee = "what calls other companies fails: mail, payment, updates",
                ComesBack = "with its zone, or by hand: change the routes",
            });
        }
    }

    internal static void AddSurroundings(NetworkModel model, List<Component> components)
    {
        Location at = model.Resources.Count > 0 ? new Location(model.Resources[0].At.File, 1) : new Location("template", 1);
        if (model.Resources.Exists(resource => resource.Type.StartsWith("AWS::Route53::", StringComparison.Ordinal)))
        {
            components.Add(new Component
            {
                Name = "DNS provider",
                Kind = "dns",
                Role = "answers for the name",
                At = at,
                Alone = "is one company, though with many servers; a second provider would have to serve the same zone",
                UsersSee = "the browser says that the name does not exist",
                ComesBack = "when the provider is back",
            });
        }

        components.Add(new Component
        {
            Name = "region",
            Kind = "region",
            Role = "holds everything",
            At = at,
            Alone = "is one; a second region is a deployment of its own",
            UsersSee = "the site is down",
            ComesBack = "when the region is back, or by a copy elsewhere",
        });
        ResourceEntry? keyed = model.Resources.Find(resource => resource.Type == "AWS::EC2::Instance" && resource.Get("KeyName") is not AbsentValue);
        if (keyed is not null && !model.Resources.Exists(resource => resource.Type is "AWS::AutoScaling::AutoScalingGroup" or "AWS::ECS::Service"))
        {
            components.Add(new Component
            {
                Name = "the person with the key",
                Kind = "person",
                Role = $"restarts {keyed.Name} by hand (KeyName)",
                At = keyed.PlaceOf("KeyName"),
                Alone = "nothing restarts by itself, so whoever holds the key must be awake",
                UsersSee = "the outage lasts until this person comes",
                ComesBack = "when the person comes",
            });
        }
    }

    private static void AddInstance(NetworkModel model, ClaimSet claims, ResourceEntry instance, List<Component> components)
    {
        TargetGroup? group = model.TargetGroups.Find(g => g.Targets.Exists(target => target.Resource == instance));
        Zone[] zones = group is null ? ZonesOf(model, instance) : [.. group.Targets.SelectMany(target => ZonesOf(model, target.Resource)).DistinctBy(zone => zone.Name)];
        bool isAlone = group is null || group.Targets.Count < 2;
        string zone = ZonesOf(model, instance).FirstOrDefault()?.ToString() ?? "its zone";
        string zoneName = $"zone of {instance.Name}";
        Component component = new()
        {
            Name = instance.Name,
            Kind = "instance",
            Role = "one machine: processor, memory, disk and network card",
            At = instance.At,
            Alone = isAlone ? "is the only one of its kind, and nothing replaces it" : null,
            Redundancy = isAlone ? "" : $"{group!.Targets.Count} machines behind {group.Name}",
            LostWithZone = zones.Length < 2,
            UsersSee = "the browser says that the site cannot be reached",
            ComesBack = "by hand: start a new machine and restore the backup",
        };
        component.Needs.Add(zoneName);
        components.Add(component);
        if (isAlone || zones.Length < 2)
        {
            components.Add(new Component
            {
                Name = zoneName,
                Kind = "zone",
                Role = $"the building ({zone}) that holds the machine",
                At = instance.PlaceOf("SubnetId"),
                Alone = "holds every copy of the machine",
                UsersSee = "the browser says that the site cannot be reached",
                ComesBack = "when the zone is back, or by hand in another one",
            });
        }

        foreach (string name in RunsOn(instance, claims))
        {
            RunningPart part = RunningPart.Of(name);
            Component running = new()
            {
                Name = $"{name} on {instance.Name}",
                Kind = part.Kind,
                Role = part.Role,
                At = instance.At,
                Alone = isAlone || part.Kind is "database" or "session-store" or "upload-disk" ? "exists on this machine only" : null,
                Redundancy = "on every machine of the group",
                LostWithZone = true,
                UsersSee = part.UsersSee,
                ComesBack = part.ComesBack,
            };
            running.Needs.Add(instance.Name);
            components.Add(running);
        }
    }

    private static IEnumerable<string> RunsOn(ResourceEntry resource, ClaimSet claims)
    {
        if (claims.Runs.TryGetValue(resource.LogicalId, out IReadOnlyList<string>? named))
            return named;
        DocumentNode? runs = ((resource.Node["Metadata"] as MapNode)?["Pipeline"] as MapNode)?["runs"];
        return runs is ListNode list ? list.Items.OfType<ScalarNode>().Select(item => item.Text) : [];
    }

    private static Component OfLoadBalancer(LoadBalancer balancer)
    {
        Zone[] zones = [.. balancer.Interfaces.Select(item => item.Subnet.Zone).DistinctBy(zone => zone.Name)];
        bool isUnknown = zones.Any(zone => zone.Gap is not null);
        return new Component
        {
            Name = balancer.Name,
            Kind = "load-balancer",
            Role = "shares requests out and leaves sick machines out",
            At = balancer.Resource.At,
            Alone = isUnknown ? "has subnets whose zones are not written" : zones.Length < 2 ? "has subnets in one zone only" : null,
            Redundancy = $"over {zones.Length} zones, run by the service",
            LostWithZone = zones.Length < 2,
            UsersSee = "the browser says that the site cannot be reached",
            ComesBack = "by itself",
        };
    }

    private static Component OfStore(ResourceEntry resource, string kind, string role, string redundancy, string usersSee, string comesBack)
    {
        (string Text, Location At)? one = Infra.Redundancy.OnlyOnePlace(resource);
        return new Component
        {
            Name = resource.Name,
            Kind = kind,
            Role = role,
            At = one?.At ?? resource.At,
            Alone = one?.Text,
            Redundancy = redundancy,
            LostWithZone = one is not null,
            UsersSee = usersSee,
            ComesBack = comesBack,
        };
    }

    private static Component Regional(ResourceEntry resource, string kind, string role, string redundancy) => new()
    {
        Name = resource.Name,
        Kind = kind,
        Role = role,
        At = resource.At,
        Redundancy = redundancy,
        UsersSee = "what needs it fails",
        ComesBack = "by itself",
    };

    private static Zone[] ZonesOf(NetworkModel model, ResourceEntry resource) =>
        [.. model.Interfaces.Where(item => item.Resource == resource).Select(item => item.Subnet.Zone).DistinctBy(zone => zone.Name)];

    private static bool IsUserAddress(NetworkModel model, ResourceEntry address) => OwnerOf(model, address)?.Type == "AWS::EC2::Instance";

    private static ResourceEntry? OwnerOf(NetworkModel model, ResourceEntry address)
    {
        if (address.Get("InstanceId") is ReferenceValue { Resource: var direct })
            return direct;
        ResourceEntry? association = model.Resources.Find(resource => resource.Type == "AWS::EC2::EIPAssociation"
            && ((resource.Get("AllocationId") is ReferenceValue id && id.Resource == address) || (resource.Get("EIP") is ReferenceValue ip && ip.Resource == address)));
        return association?.Get("InstanceId") is ReferenceValue { Resource: var owner } ? owner : null;
    }
}
