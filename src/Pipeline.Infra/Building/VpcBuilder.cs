namespace Pipeline.Infra;

/// <summary>Builds networks, their blocks and gateways, and subnets.</summary>
internal static class VpcBuilder
{
    internal static void BuildVpcs(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::VPC"))
        {
            Vpc vpc = context.CreateVpc(resource.Name, resource.Name, resource.At, foreign: null);
            context.Vpcs.Add(resource, vpc);
            AddBlock(context, resource, "CidrBlock", vpc, required: true);
            vpc.HasDnsSupport = Facts.Bool(resource.Get("EnableDnsSupport")) ?? true;
            vpc.HasDnsHostnames = Facts.Bool(resource.Get("EnableDnsHostnames")) ?? false;
        }

        foreach (ResourceEntry resource in context.OfType("AWS::EC2::VPCCidrBlock"))
        {
            Vpc vpc = context.VpcOf(resource, "VpcId");
            AddBlock(context, resource, "CidrBlock", vpc, required: false);
            AddBlock(context, resource, "Ipv6CidrBlock", vpc, required: false);
            ResourceEntry? owner = context.Vpcs.FirstOrDefault(pair => pair.Value == vpc).Key;
            if (owner is not null && Facts.Bool(resource.Get("AmazonProvidedIpv6CidrBlock")) == true)
                vpc.Blocks.Add(Cidr.Parse(SyntheticAddresses.Ipv6BlockOf(owner.Scope, owner)));
        }
    }

    internal static void BuildGateways(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::VPCGatewayAttachment"))
        {
            Vpc vpc = context.VpcOf(resource, "VpcId");
            Value gateway = resource.Get("InternetGatewayId");
            if (gateway is ReferenceValue { Resource: { } internetGateway })
            {
                vpc.InternetGateway = internetGateway;
                context.GatewayOwners[internetGateway] = vpc;
            }
            else if (gateway is not AbsentValue)
            {
                vpc.Doors.Add(BuildContext.GapOf(resource, "InternetGatewayId", gateway, "the internet gateway is not in the template.", "Declare it, or give its template with --imports."));
            }

            if (resource.Get("VpnGatewayId") is not AbsentValue)
                vpc.Doors.Add(NotModeled(resource, "A VPN gateway"));
        }

        foreach (ResourceEntry resource in context.OfType("AWS::EC2::EgressOnlyInternetGateway"))
        {
            Vpc vpc = context.VpcOf(resource, "VpcId");
            vpc.EgressOnlyGateway = resource;
            context.GatewayOwners[resource] = vpc;
        }
    }

    internal static void BuildSubnets(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::Subnet"))
        {
            Vpc vpc = context.VpcOf(resource, "VpcId");
            Subnet subnet = new()
            {
                Name = resource.Name,
                Key = resource.Name,
                At = resource.At,
                Vpc = vpc,
                Zone = ZoneOf(resource, resource.Get("AvailabilityZone")),
            };
            ReadAddresses(resource, subnet);
            ReadPublicAddress(resource, subnet);
            subnet.AssignsIpv6 = Facts.Bool(resource.Get("AssignIpv6AddressOnCreation")) ?? false;
            context.Subnets.Add(resource, subnet);
            context.Model.Subnets.Add(subnet);
        }

        foreach (ResourceEntry resource in context.OfType("AWS::EC2::SubnetCidrBlock"))
        {
            if (resource.Get("SubnetId") is ReferenceValue reference && context.Subnets.TryGetValue(reference.Resource, out Subnet? subnet)
                && resource.Get("Ipv6CidrBlock") is TextValue text)
                subnet.V6 = Cidr.TryParse(text.Content);
        }
    }

    internal static Gap NotModeled(ResourceEntry resource, string what) =>
        new(resource.Name, "", resource.At, $"{what} ({resource.Type}) is not modeled.", "Check its traffic by other means; the answers that it touches stay open.");

    private static Zone ZoneOf(ResourceEntry resource, Value value)
    {
        switch (value)
        {
            case TextValue { Content.Length: > 0 } text:
                return new Zone(text.Content, false, null);
            case SymbolValue symbol when symbol.Name.StartsWith(SymbolValue.ZonePrefix, StringComparison.Ordinal):
                return new Zone($"zone {symbol.Name[SymbolValue.ZonePrefix.Length..]} of the region", true, null);
            default:
                Gap gap = BuildContext.GapOf(resource, "AvailabilityZone", value, "the property is not written, so AWS chooses the zone.", "Write AvailabilityZone, for example !Select [0, !GetAZs ''].");
                return new Zone("", false, gap);
        }
    }

    private static void AddBlock(BuildContext context, ResourceEntry resource, string property, Vpc vpc, bool required)
    {
        Value value = resource.Get(property);
        if (value is AbsentValue && !required)
            return;
        if (value is TextValue text)
            vpc.Blocks.Add(Cidr.TryParse(text.Content) ?? throw NoBlock(resource, property, text.Content));
        else
            context.Model.GlobalGaps.Add(BuildContext.GapOf(resource, property, value, "the addresses of the network are not written as a block.", "Write CidrBlock, or give its parameter a value."));
    }

    private static void ReadAddresses(ResourceEntry resource, Subnet subnet)
    {
        Value v4 = resource.Get("CidrBlock");
        if (v4 is TextValue text)
        {
            subnet.V4 = Cidr.TryParse(text.Content) ?? throw NoBlock(resource, "CidrBlock", text.Content);
            if (subnet.Vpc is { Foreign: null } vpc && vpc.Blocks.Count > 0 && !vpc.Blocks.Exists(block => block.Range.Contains(subnet.V4.Value.Range)))
                throw new TemplateException(resource.PlaceOf("CidrBlock"), $"the subnet '{resource.Name}' has the block {subnet.V4}, which is not inside a block of its network '{vpc.Name}' ({string.Join(", ", vpc.Blocks)}). Choose a block inside.");
        }
        else if (v4 is not AbsentValue || resource.Get("Ipv6Native") is AbsentValue)
        {
            subnet.AddressGap = BuildContext.GapOf(resource, "CidrBlock", v4, "the addresses of the subnet are not written as a block.", "Write CidrBlock, or give its parameter a value.");
        }

        Value v6 = resource.Get("Ipv6CidrBlock");
        if (v6 is TextValue text6)
            subnet.V6 = Cidr.TryParse(text6.Content) ?? throw NoBlock(resource, "Ipv6CidrBlock", text6.Content);
        else if (v6 is not AbsentValue)
            subnet.Gaps.Add(BuildContext.GapOf(resource, "Ipv6CidrBlock", v6, "the IPv6 addresses are not known.", "Cut them out of the network's block with Fn::Cidr."));
    }

    private static void ReadPublicAddress(ResourceEntry resource, Subnet subnet)
    {
        Value value = resource.Get("MapPublicIpOnLaunch");
        if (value is AbsentValue)
            return;
        subnet.AssignsPublicIp = Facts.Bool(value);
        if (subnet.AssignsPublicIp is null)
            subnet.PublicIpGap = BuildContext.GapOf(resource, "MapPublicIpOnLaunch", value, "neither true nor false.", "Write true or false.");
    }

    private static TemplateException NoBlock(ResourceEntry resource, string property, string text) =>
        new(resource.PlaceOf(property), $"'{property}' of '{resource.Name}' is '{text}', which is no block of addresses. Write it as 10.0.0.0/16.");
}
