namespace Pipeline.Infra;

/// <summary>Says of each type of resource whether it is modeled, without effect on the network, or refused by name.</summary>
internal static class TypeCatalog
{
    internal static readonly HashSet<string> Modeled = new(StringComparer.Ordinal)
    {
        "AWS::EC2::VPC", "AWS::EC2::VPCCidrBlock", "AWS::EC2::Subnet", "AWS::EC2::SubnetCidrBlock", "AWS::EC2::RouteTable", "AWS::EC2::Route", "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::InternetGateway", "AWS::EC2::VPCGatewayAttachment", "AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::EIPAssociation",
        "AWS::EC2::NetworkAcl", "AWS::EC2::NetworkAclEntry", "AWS::EC2::SubnetNetworkAclAssociation", "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SecurityGroupEgress", "AWS::EC2::PrefixList", "AWS::EC2::VPCEndpoint", "AWS::EC2::Instance", "AWS::EC2::NetworkInterface", "AWS::EC2::NetworkInterfaceAttachment",
        "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::AutoScalingGroup", "AWS::AutoScaling::LaunchConfiguration", "AWS::ECS::Service", "AWS::Lambda::Function", "AWS::RDS::DBInstance",
        "AWS::RDS::DBCluster", "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster", "AWS::EFS::MountTarget", "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule", "AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::ElasticLoadBalancing::LoadBalancer",
    };

    // Resources of EC2 and the load balancers that carry no packet and decide over none.
    private static readonly HashSet<string> s_withoutEffect = new(StringComparer.Ordinal)
    {
        "AWS::EC2::KeyPair", "AWS::EC2::Volume", "AWS::EC2::VolumeAttachment", "AWS::EC2::PlacementGroup", "AWS::EC2::FlowLog", "AWS::EC2::DHCPOptions", "AWS::EC2::VPCDHCPOptionsAssociation",
        "AWS::EC2::CapacityReservation", "AWS::EC2::CapacityReservationFleet", "AWS::EC2::Host", "AWS::EC2::CustomerGateway", "AWS::EC2::VPNGateway", "AWS::EC2::TransitGateway",
        "AWS::EC2::TransitGatewayRouteTable", "AWS::EC2::TransitGatewayRoute", "AWS::EC2::TransitGatewayRouteTableAssociation", "AWS::EC2::TransitGatewayRouteTablePropagation",
        "AWS::EC2::NetworkInsightsPath", "AWS::EC2::NetworkInsightsAnalysis", "AWS::EC2::NetworkInsightsAccessScope", "AWS::EC2::NetworkInsightsAccessScopeAnalysis", "AWS::EC2::IPAM",
        "AWS::EC2::IPAMScope", "AWS::EC2::IPAMPool", "AWS::EC2::IPAMPoolCidr", "AWS::EC2::SnapshotBlockPublicAccess", "AWS::EC2::NetworkPerformanceMetricSubscription",
        "AWS::EC2::NetworkInterfacePermission", "AWS::EC2::VPCEndpointConnectionNotification", "AWS::EC2::VPCEndpointServicePermissions", "AWS::EC2::ClientVpnAuthorizationRule",
        "AWS::EC2::ClientVpnEndpoint", "AWS::EC2::EnclaveCertificateIamRoleAssociation", "AWS::ElasticLoadBalancingV2::ListenerCertificate", "AWS::ElasticLoadBalancingV2::TrustStore",
        "AWS::ElasticLoadBalancingV2::TrustStoreRevocation",
    };

    // Ways in and out of a network: property that leads to the network.
    private static readonly Dictionary<string, string[]> s_doors = new(StringComparer.Ordinal)
    {
        ["AWS::EC2::VPCPeeringConnection"] = ["VpcId", "PeerVpcId"],
        ["AWS::EC2::TransitGatewayAttachment"] = ["VpcId"],
        ["AWS::EC2::TransitGatewayVpcAttachment"] = ["VpcId"],
        ["AWS::EC2::ClientVpnTargetNetworkAssociation"] = ["SubnetId"],
        ["AWS::VpcLattice::ServiceNetworkVpcAssociation"] = ["VpcIdentifier"],
        ["AWS::NetworkManager::VpcAttachment"] = ["VpcArn"],
    };

    private static readonly string[] s_interfaceProperties =
    [
        "SubnetId", "SubnetIds", "Subnets", "SecurityGroupIds", "SecurityGroups", "VpcConfig", "VpcConfiguration", "VPCOptions", "VpcOptions", "VpcSecurityGroupIds", "VpcSettings",
        "ResourcesVpcConfig", "AwsvpcConfiguration", "AwsVpcConfiguration", "ClientSubnets", "Ec2SubnetId", "Ec2SubnetIds", "VpcConnectionPlacement", "DBSubnetGroupName", "ClusterSubnetGroupName", "SubnetGroupName", "BrokerNodeGroupInfo",
    ];

    internal static void Classify(BuildContext context, ResourceEntry resource)
    {
        string type = resource.Type;
        if (Modeled.Contains(type) || s_withoutEffect.Contains(type))
            return;
        if (s_doors.TryGetValue(type, out string[]? properties))
        {
            AddDoor(context, resource, properties);
            return;
        }

        switch (type)
        {
            case "AWS::EC2::VPCBlockPublicAccessOptions" or "AWS::EC2::VPCBlockPublicAccessExclusion" or "AWS::EC2::GatewayRouteTableAssociation":
                Gap gap = VpcBuilder.NotModeled(resource, type == "AWS::EC2::GatewayRouteTableAssociation" ? "A route table of a gateway" : "Blocking of public access");
                foreach (Vpc vpc in context.Model.Vpcs)
                    vpc.PublicAccessBlock = gap;
                return;
            case "AWS::EC2::VPNConnection" or "AWS::EC2::VPNConnectionRoute":
                return; // Reaches a network only through a gateway that is attached to it, which is found there.
            case "AWS::EC2::VPNGatewayRoutePropagation":
                foreach (ReferenceValue table in Facts.Items(resource.Get("RouteTableIds")).OfType<ReferenceValue>())
                {
                    if (context.Tables.TryGetValue(table.Resource, out RouteTable? known))
                        known.Routes.Add(new Route { Name = resource.Name, At = resource.At, Target = RouteTarget.Unknown, Gap = VpcBuilder.NotModeled(resource, "Propagation of routes from a VPN") });
                }

                return;
            case "Custom::VpcRestrictDefaultSG":
                RestrictDefaultGroup(context, resource);
                return;
        }

        if (type.StartsWith("AWS::EC2::", StringComparison.Ordinal) || type.StartsWith("AWS::ElasticLoadBalancing", StringComparison.Ordinal) || type.StartsWith("AWS::NetworkFirewall::", StringComparison.Ordinal))
        {
            if (Spelling.Nearest(type, Modeled) is { } meant && type.StartsWith("AWS::EC2::", StringComparison.Ordinal) && meant != type)
                throw new TemplateException(resource.Node["Type"]!.At, $"'{type}' of '{resource.LogicalId}' is no known type. Did you mean '{meant}'?");
            AddRefusal(context, resource);
        }
        else if (type.StartsWith("Custom::", StringComparison.Ordinal) || type == "AWS::CloudFormation::CustomResource")
        {
            ClassifyCustom(context, resource);
        }
        else if (type == "AWS::CloudFormation::Stack")
        {
            if (resource.Child is null)
                context.Model.GlobalGaps.Add(new Gap(resource.Name, "TemplateURL", resource.PlaceOf("TemplateURL"), "the nested stack is not at hand, and it may add rules, routes and interfaces.", "Put its template beside this one under the file name of TemplateURL, or give the processed template."));
        }
        else if (type.EndsWith("::MODULE", StringComparison.Ordinal) || type == "AWS::CloudFormation::Macro")
        {
            AddRefusal(context, resource);
        }
        else if (IsPlaced(type) && HasInterface(resource.Properties))
        {
            Gap gap = VpcBuilder.NotModeled(resource, "The interfaces of this resource");
            context.Model.Refused.Add(new RefusedResource(resource, gap));
        }
    }

    private static bool IsPlaced(string type) =>
        !type.EndsWith("SubnetGroup", StringComparison.Ordinal) && !type.EndsWith("SecurityGroup", StringComparison.Ordinal) && !type.StartsWith("AWS::IAM::", StringComparison.Ordinal)
        && !type.StartsWith("AWS::SSM::", StringComparison.Ordinal) && type is not ("AWS::RDS::DBSecurityGroupIngress" or "AWS::Route53::HostedZone" or "AWS::Config::ConfigRule" or "AWS::CloudFormation::WaitCondition");

    private static bool HasInterface(DocumentNode? node) => node switch
    {
        MapNode map => map.Entries.Any(entry => (s_interfaceProperties.Contains(entry.Key) && !IsNoValue(entry.Value)) || HasInterface(entry.Value)),
        ListNode list => list.Items.Any(HasInterface),
        _ => false,
    };

    private static bool IsNoValue(DocumentNode node) => node is MapNode { Entries: [{ Key: "Ref", Value: ScalarNode { Text: "AWS::NoValue" } }] } or ListNode { Items.Count: 0 };

    private static void AddDoor(BuildContext context, ResourceEntry resource, string[] properties)
    {
        Gap gap = VpcBuilder.NotModeled(resource, "This connection to another network");
        bool isPlaced = false;
        foreach (string property in properties)
        {
            Vpc? vpc = resource.Get(property) switch
            {
                ReferenceValue reference when context.Vpcs.TryGetValue(reference.Resource, out Vpc? own) => own,
                ReferenceValue reference when context.Subnets.TryGetValue(reference.Resource, out Subnet? subnet) => subnet.Vpc,
                _ => null,
            };
            vpc?.Doors.Add(gap);
            isPlaced |= vpc is not null;
        }

        if (!isPlaced)
        {
            foreach (Vpc vpc in context.Model.Vpcs)
                vpc.Doors.Add(gap);
        }
    }

    private static void AddRefusal(BuildContext context, ResourceEntry resource) =>
        context.Model.GlobalGaps.Add(VpcBuilder.NotModeled(resource, "The resource"));

    private static void RestrictDefaultGroup(BuildContext context, ResourceEntry resource)
    {
        if (resource.Get("DefaultSecurityGroupId") is not ReferenceValue reference || !context.Vpcs.TryGetValue(reference.Resource, out Vpc? vpc))
        {
            ClassifyCustom(context, resource);
            return;
        }

        vpc.DefaultGroup.Ingress.Clear();
        vpc.DefaultGroup.Egress.Clear();
        context.Model.Assumptions["ASSUMPTION_CUSTOM_RESOURCE " + resource.Name] = $"{resource.Name} ({resource.At}) empties the default group of {vpc.Name}, as the CDK's own resource of that type does";
    }

    private static void ClassifyCustom(BuildContext context, ResourceEntry resource)
    {
        List<TemplateReference> found = new();
        if (resource.Properties is { } properties)
            ReferenceFinder.Find(properties, found);
        bool touchesNetwork = found.Any(reference => resource.Scope.Resources.TryGetValue(reference.Name, out ResourceEntry? other)
            && (other.Type.StartsWith("AWS::EC2::", StringComparison.Ordinal) || other.Type.StartsWith("AWS::ElasticLoadBalancing", StringComparison.Ordinal)));
        if (touchesNetwork)
            context.Model.GlobalGaps.Add(new Gap(resource.Name, "", resource.At, $"the custom resource ({resource.Type}) runs code of its own and is given parts of the network.", "Say what it does with resources of the template, or leave it out of the copy that is checked."));
        else
            context.Model.Assumptions["ASSUMPTION_CUSTOM_RESOURCE " + resource.Name] = $"{resource.Name} ({resource.At}) runs code of its own and is given no part of the network; it is taken to leave the network alone";
    }
}
