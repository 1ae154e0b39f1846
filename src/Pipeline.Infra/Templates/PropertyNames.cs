namespace Pipeline.Infra;

/// <summary>The properties of the types that decide over packets, so that a spelling mistake is an error and not a missing rule.</summary>
internal static class PropertyNames
{
    private static readonly Dictionary<string, string[]> s_known = new(StringComparer.Ordinal)
    {
        ["AWS::EC2::VPC"] = ["CidrBlock", "EnableDnsHostnames", "EnableDnsSupport", "InstanceTenancy", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "Tags"],
        ["AWS::EC2::VPCCidrBlock"] = ["AmazonProvidedIpv6CidrBlock", "CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "Ipv6CidrBlock", "Ipv6CidrBlockNetworkBorderGroup", "Ipv6IpamPoolId", "Ipv6NetmaskLength", "Ipv6Pool", "VpcId"],
        ["AWS::EC2::Subnet"] = ["AssignIpv6AddressOnCreation", "AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "EnableDns64", "EnableLniAtDeviceIndex", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "Ipv6CidrBlock", "Ipv6IpamPoolId", "Ipv6Native", "Ipv6NetmaskLength", "MapPublicIpOnLaunch", "OutpostArn", "PrivateDnsNameOptionsOnLaunch", "Tags", "VpcId", "BlockPublicAccessStates"],
        ["AWS::EC2::RouteTable"] = ["Tags", "VpcId"],
        ["AWS::EC2::Route"] = ["CarrierGatewayId", "CoreNetworkArn", "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId", "EgressOnlyInternetGatewayId", "GatewayId", "InstanceId", "LocalGatewayId", "NatGatewayId", "NetworkInterfaceId", "OdbNetworkArn", "RouteTableId", "TransitGatewayId", "VpcEndpointId", "VpcPeeringConnectionId"],
        ["AWS::EC2::SubnetRouteTableAssociation"] = ["RouteTableId", "SubnetId"],
        ["AWS::EC2::VPCGatewayAttachment"] = ["InternetGatewayId", "VpcId", "VpnGatewayId"],
        ["AWS::EC2::NatGateway"] = ["AllocationId", "AvailabilityMode", "AvailabilityZoneAddresses", "ConnectivityType", "MaxDrainDurationSeconds", "PrivateIpAddress", "SecondaryAllocationIds", "SecondaryPrivateIpAddressCount", "SecondaryPrivateIpAddresses", "SubnetId", "Tags", "VpcId"],
        ["AWS::EC2::NetworkAcl"] = ["Tags", "VpcId"],
        ["AWS::EC2::NetworkAclEntry"] = ["CidrBlock", "Egress", "Icmp", "Ipv6CidrBlock", "NetworkAclId", "PortRange", "Protocol", "RuleAction", "RuleNumber"],
        ["AWS::EC2::SubnetNetworkAclAssociation"] = ["NetworkAclId", "SubnetId"],
        ["AWS::EC2::SecurityGroup"] = ["GroupDescription", "GroupName", "SecurityGroupEgress", "SecurityGroupIngress", "Tags", "VpcId"],
        ["AWS::EC2::SecurityGroupIngress"] = ["CidrIp", "CidrIpv6", "Description", "FromPort", "GroupId", "GroupName", "IpProtocol", "SourcePrefixListId", "SourceSecurityGroupId", "SourceSecurityGroupName", "SourceSecurityGroupOwnerId", "ToPort"],
        ["AWS::EC2::SecurityGroupEgress"] = ["CidrIp", "CidrIpv6", "Description", "DestinationPrefixListId", "DestinationSecurityGroupId", "FromPort", "GroupId", "IpProtocol", "ToPort"],
        ["AWS::EC2::VPCEndpoint"] = ["DnsOptions", "IpAddressType", "PolicyDocument", "PrivateDnsEnabled", "ResourceConfigurationArn", "RouteTableIds", "SecurityGroupIds", "ServiceName", "ServiceNetworkArn", "ServiceRegion", "SubnetIds", "Tags", "VpcEndpointType", "VpcId"],
        ["AWS::ElasticLoadBalancingV2::LoadBalancer"] = ["EnableCapacityReservationProvisionStabilize", "EnablePrefixForIpv6SourceNat", "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "IpAddressType", "Ipv4IpamPoolId", "LoadBalancerAttributes", "MinimumLoadBalancerCapacity", "Name", "Scheme", "SecurityGroups", "SubnetMappings", "Subnets", "Tags", "Type"],
    };

    private static readonly string[] s_ingress = ["CidrIp", "CidrIpv6", "Description", "FromPort", "IpProtocol", "SourcePrefixListId", "SourceSecurityGroupId", "SourceSecurityGroupName", "SourceSecurityGroupOwnerId", "ToPort"];
    private static readonly string[] s_egress = ["CidrIp", "CidrIpv6", "Description", "DestinationPrefixListId", "DestinationSecurityGroupId", "FromPort", "IpProtocol", "ToPort"];

    internal static void Check(string resource, ScalarNode type, MapNode? properties)
    {
        if (properties is null)
        {
            CheckType(resource, type);
            return;
        }

        if (!s_known.TryGetValue(type.Text, out string[]? known))
        {
            CheckType(resource, type);
            return;
        }

        CheckNames(resource, type.Text, properties, known);
        if (type.Text != "AWS::EC2::SecurityGroup")
            return;
        CheckRules(resource, properties["SecurityGroupIngress"], "an ingress rule", s_ingress);
        CheckRules(resource, properties["SecurityGroupEgress"], "an egress rule", s_egress);
    }

    private static void CheckType(string resource, ScalarNode type)
    {
        if (!type.Text.Contains("::", StringComparison.Ordinal))
            throw new TemplateException(type.At, $"the type '{type.Text}' of '{resource}' has no '::'.{Spelling.Suggest(type.Text, s_known.Keys)} Types look like AWS::EC2::VPC.");
        if (!s_known.ContainsKey(type.Text) && !TypeCatalog.Modeled.Contains(type.Text) && s_known.Keys.FirstOrDefault(k => string.Equals(k, type.Text, StringComparison.OrdinalIgnoreCase)) is { } meant)
            throw new TemplateException(type.At, $"the type '{type.Text}' of '{resource}' is written with other letters. Did you mean '{meant}'?");
    }

    private static void CheckRules(string resource, DocumentNode? rules, string what, string[] known)
    {
        IEnumerable<DocumentNode> all = rules is ListNode list ? list.Items : rules is null ? [] : [rules];
        foreach (MapNode rule in all.OfType<MapNode>())
        {
            bool isFunction = rule.Entries.Count == 1 && (rule.Entries[0].Key == "Ref" || rule.Entries[0].Key.StartsWith("Fn::", StringComparison.Ordinal));
            if (!isFunction)
                CheckNames(resource, what, rule, known);
        }
    }

    private static void CheckNames(string resource, string type, MapNode properties, string[] known)
    {
        foreach (MapEntry entry in properties.Entries)
        {
            if (known.Contains(entry.Key) || entry.Key.StartsWith("Fn::", StringComparison.Ordinal))
                continue;
            throw new TemplateException(entry.KeyAt, $"'{entry.Key}' of '{resource}' is no property of {type}.{Spelling.Suggest(entry.Key, known)} Known are: {string.Join(", ", known)}.");
        }
    }
}
