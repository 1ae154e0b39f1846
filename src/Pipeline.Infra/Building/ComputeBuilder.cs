namespace Pipeline.Infra;

/// <summary>Builds the interfaces of instances, scaling groups, tasks and functions.</summary>
internal static class ComputeBuilder
{
    internal static void Build(BuildContext context)
    {
        HashSet<ResourceEntry> elastic = ElasticOwners(context);
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::Instance"))
            AddInstance(context, resource, elastic);
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::NetworkInterface"))
        {
            InterfaceBuilder.Add(context, new InterfaceRequest(resource, InterfaceKind.Instance, [context.SubnetOf(resource, "SubnetId", resource.Get("SubnetId"))])
            {
                Groups = resource.Get("GroupSet"),
                GroupProperty = "GroupSet",
                ElasticAddress = elastic.Contains(resource),
                PublicDefault = false,
                FixedAddress = AddressOf(resource.Get("PrivateIpAddress")),
                WantsIpv6 = WantsIpv6(resource.Get("Ipv6AddressCount"), resource.Get("Ipv6Addresses")),
                CanHaveMany = false,
            });
        }

        foreach (ResourceEntry resource in context.OfType("AWS::AutoScaling::AutoScalingGroup"))
            AddScalingGroup(context, resource);
        foreach (ResourceEntry resource in context.OfType("AWS::ECS::Service"))
            AddTasks(context, resource);
        foreach (ResourceEntry resource in context.OfType("AWS::Lambda::Function"))
        {
            Value vpc = resource.Get("VpcConfig");
            if (vpc is AbsentValue)
                continue;
            InterfaceBuilder.Add(context, new InterfaceRequest(resource, InterfaceKind.Function, context.SubnetsOf(resource, "VpcConfig.SubnetIds", Facts.Entry(vpc, "SubnetIds")))
            {
                Groups = Facts.Entry(vpc, "SecurityGroupIds"),
                GroupProperty = "VpcConfig.SecurityGroupIds",
                CanBePublic = false,
                Listening = [],
                IsListeningOnly = true,
            });
        }
    }

    /// <summary>Gets the launch template or configuration that a resource starts its instances with.</summary>
    internal static (Value Data, ResourceEntry? Owner) LaunchData(Value specification)
    {
        Value id = Facts.Entry(specification, "LaunchTemplateId");
        if (id is AbsentValue)
            id = Facts.Entry(specification, "LaunchTemplateName");
        return id is ReferenceValue { Resource: var template } && template.Type == "AWS::EC2::LaunchTemplate" ? (template.Get("LaunchTemplateData"), template) : (AbsentValue.Instance, null);
    }

    private static HashSet<ResourceEntry> ElasticOwners(BuildContext context)
    {
        HashSet<ResourceEntry> owners = new();
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::EIP").Concat(context.OfType("AWS::EC2::EIPAssociation")))
        {
            foreach (string property in (string[])["InstanceId", "NetworkInterfaceId"])
            {
                if (resource.Get(property) is ReferenceValue reference)
                    owners.Add(reference.Resource);
            }
        }

        return owners;
    }

    private static void AddInstance(BuildContext context, ResourceEntry resource, HashSet<ResourceEntry> elastic)
    {
        (Value data, _) = LaunchData(resource.Get("LaunchTemplate"));
        Value own = resource.Get("NetworkInterfaces");
        Value groups = resource.Get("SecurityGroupIds");
        if (groups is AbsentValue)
            groups = resource.Get("SecurityGroups");
        IReadOnlyList<Value> cards = Facts.Items(own is AbsentValue ? Facts.Entry(data, "NetworkInterfaces") : own);
        if (cards.Count == 0)
        {
            if (groups is AbsentValue)
                groups = Facts.Entry(data, "SecurityGroupIds");
            InterfaceBuilder.Add(context, new InterfaceRequest(resource, InterfaceKind.Instance, [context.SubnetOf(resource, "SubnetId", resource.Get("SubnetId"))])
            {
                Groups = groups,
                ElasticAddress = elastic.Contains(resource),
                FixedAddress = AddressOf(resource.Get("PrivateIpAddress")),
                WantsIpv6 = WantsIpv6(resource.Get("Ipv6AddressCount"), resource.Get("Ipv6Addresses")),
                CanHaveMany = false,
            });
            return;
        }

        foreach (Value card in cards)
        {
            // An interface that is a resource of its own was built from there.
            if (Facts.Entry(card, "NetworkInterfaceId") is not AbsentValue)
                continue;
            Value subnet = Facts.Entry(card, "SubnetId");
            Value cardGroups = Facts.Entry(card, "GroupSet");
            if (cardGroups is AbsentValue)
                cardGroups = Facts.Entry(card, "Groups");
            InterfaceBuilder.Add(context, new InterfaceRequest(resource, InterfaceKind.Instance, [context.SubnetOf(resource, "NetworkInterfaces.SubnetId", subnet is AbsentValue ? resource.Get("SubnetId") : subnet)])
            {
                Groups = cardGroups is AbsentValue ? groups : cardGroups,
                GroupProperty = "NetworkInterfaces.GroupSet",
                Public = Facts.Entry(card, "AssociatePublicIpAddress"),
                PublicProperty = "NetworkInterfaces.AssociatePublicIpAddress",
                ElasticAddress = elastic.Contains(resource),
                FixedAddress = AddressOf(Facts.Entry(card, "PrivateIpAddress")),
                WantsIpv6 = WantsIpv6(Facts.Entry(card, "Ipv6AddressCount"), Facts.Entry(card, "Ipv6Addresses")),
                CanHaveMany = false,
            });
        }
    }

    private static void AddScalingGroup(BuildContext context, ResourceEntry resource)
    {
        Value specification = resource.Get("LaunchTemplate");
        if (specification is AbsentValue)
            specification = Facts.Entry(Facts.Entry(resource.Get("MixedInstancesPolicy"), "LaunchTemplate"), "LaunchTemplateSpecification");
        (Value data, ResourceEntry? template) = LaunchData(specification);
        Value groups;
        Value isPublic;
        string source = "LaunchTemplate";
        if (resource.Get("LaunchConfigurationName") is ReferenceValue { Resource: var configuration })
        {
            (groups, isPublic, template) = (configuration.Get("SecurityGroups"), configuration.Get("AssociatePublicIpAddress"), configuration);
        }
        else
        {
            Value card = Facts.Items(Facts.Entry(data, "NetworkInterfaces")).FirstOrDefault(AbsentValue.Instance);
            groups = Facts.Entry(card, "Groups") is AbsentValue ? Facts.Entry(data, "SecurityGroupIds") : Facts.Entry(card, "Groups");
            isPublic = Facts.Entry(card, "AssociatePublicIpAddress");
        }

        List<NetworkInterface> added = InterfaceBuilder.Add(context, new InterfaceRequest(resource, InterfaceKind.ScalingGroup, context.SubnetsOf(resource, "VPCZoneIdentifier", resource.Get("VPCZoneIdentifier")))
        {
            Groups = groups,
            GroupProperty = source,
            Public = isPublic,
            PublicProperty = source,
        });
        if (template is not null)
            return;
        Gap gap = new(resource.Name, source, resource.PlaceOf(source), "the launch template is not in the template, so the groups are not known.", "Declare it, or give its template with --imports.");
        foreach (NetworkInterface item in added)
        {
            item.Groups.Clear();
            item.GroupGap = gap;
        }
    }

    private static void AddTasks(BuildContext context, ResourceEntry resource)
    {
        Value configuration = Facts.Entry(resource.Get("NetworkConfiguration"), "AwsvpcConfiguration");
        if (configuration is AbsentValue)
            return; // Tasks of other network modes use the interface of their instance.
        InterfaceBuilder.Add(context, new InterfaceRequest(resource, InterfaceKind.Task, context.SubnetsOf(resource, "NetworkConfiguration.Subnets", Facts.Entry(configuration, "Subnets")))
        {
            Groups = Facts.Entry(configuration, "SecurityGroups"),
            GroupProperty = "NetworkConfiguration.SecurityGroups",
            Public = Facts.Entry(configuration, "AssignPublicIp"),
            PublicProperty = "NetworkConfiguration.AssignPublicIp",
            PublicDefault = false,
        });
    }

    private static UInt128? AddressOf(Value value) => Facts.Text(value) is { } text ? Cidr.TryParseAddress(text) : null;

    private static bool? WantsIpv6(Value count, Value addresses) =>
        count is AbsentValue && addresses is AbsentValue ? null : addresses is not AbsentValue || Facts.Int(count) is not 0;
}
