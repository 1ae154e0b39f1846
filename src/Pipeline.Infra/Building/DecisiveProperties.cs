namespace Pipeline.Infra;

/// <summary>Properties that decide what a resource is; when one of them is not known, nothing about the network can be told.</summary>
internal static class DecisiveProperties
{
    private static readonly Dictionary<string, string[]> s_properties = new(StringComparer.Ordinal)
    {
        ["AWS::EC2::VPC"] = ["EnableDnsSupport", "EnableDnsHostnames"],
        ["AWS::EC2::VPCCidrBlock"] = ["AmazonProvidedIpv6CidrBlock", "CidrBlock", "Ipv6CidrBlock"],
        ["AWS::EC2::Subnet"] = ["AssignIpv6AddressOnCreation"],
        ["AWS::EC2::NatGateway"] = ["AvailabilityMode", "ConnectivityType"],
        ["AWS::EC2::VPCEndpoint"] = ["VpcEndpointType", "PrivateDnsEnabled", "RouteTableIds"],
        ["AWS::EC2::EIP"] = ["InstanceId"],
        ["AWS::EC2::EIPAssociation"] = ["InstanceId", "NetworkInterfaceId"],
        ["AWS::EC2::Instance"] = ["NetworkInterfaces", "LaunchTemplate"],
        ["AWS::EC2::LaunchTemplate"] = ["LaunchTemplateData"],
        ["AWS::ECS::Service"] = ["NetworkConfiguration", "LoadBalancers"],
        ["AWS::Lambda::Function"] = ["VpcConfig"],
        ["AWS::RDS::DBInstance"] = ["DBClusterIdentifier", "SourceDBInstanceIdentifier"],
        ["AWS::ElasticLoadBalancingV2::LoadBalancer"] = ["Type", "IpAddressType", "SubnetMappings"],
        ["AWS::ElasticLoadBalancingV2::Listener"] = ["Protocol", "DefaultActions", "LoadBalancerArn"],
        ["AWS::ElasticLoadBalancingV2::TargetGroup"] = ["TargetType", "Protocol", "Targets"],
        ["AWS::ElasticLoadBalancing::LoadBalancer"] = ["Listeners", "Scheme"],
    };

    internal static void Check(BuildContext context)
    {
        foreach (ResourceEntry resource in context.Model.Resources)
        {
            if (!s_properties.TryGetValue(resource.Type, out string[]? properties))
                continue;
            foreach (string property in properties)
            {
                if (resource.Get(property) is UnknownValue unknown)
                    context.Model.GlobalGaps.Add(BuildContext.GapOf(resource, property, unknown, "", ""));
            }
        }
    }
}
