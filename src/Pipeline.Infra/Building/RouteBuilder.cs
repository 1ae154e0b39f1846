namespace Pipeline.Infra;

/// <summary>Builds route tables, their routes, and which subnet uses which table.</summary>
internal static class RouteBuilder
{
    internal static void BuildTables(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::RouteTable"))
        {
            RouteTable table = new() { Name = resource.Name, At = resource.At, Vpc = context.VpcOf(resource, "VpcId") };
            context.Tables.Add(resource, table);
            context.Model.Tables.Add(table);
        }

        foreach (ResourceEntry resource in context.OfType("AWS::EC2::SubnetRouteTableAssociation"))
        {
            Subnet subnet = context.SubnetOf(resource, "SubnetId", resource.Get("SubnetId"));
            if (resource.Get("RouteTableId") is ReferenceValue { Attribute: null } reference && context.Tables.TryGetValue(reference.Resource, out RouteTable? table))
            {
                if (subnet.IsTableExplicit)
                    context.Model.Findings.Add(new Finding("ROUTE_TABLE_ASSOCIATED_TWICE", resource.At, $"subnet {subnet.Name} gets a second route table, {table.Name}; AWS accepts one. The first counts here."));
                else
                    (subnet.Table, subnet.IsTableExplicit) = (table, true);
            }
            else if (subnet.Foreign is null)
            {
                subnet.IsTableExplicit = true;
                subnet.Gaps.Add(BuildContext.GapOf(resource, "RouteTableId", resource.Get("RouteTableId"), "the route table is not in the template.", "Give the template that declares it with --imports."));
            }
        }
    }

    internal static void UseDefaults(BuildContext context)
    {
        foreach (Subnet subnet in context.Model.Subnets.Where(subnet => subnet.Foreign is null))
        {
            if (!subnet.IsTableExplicit)
            {
                subnet.Table = subnet.Vpc!.MainTable;
                if (subnet.Vpc.Foreign is { } gap)
                    subnet.Gaps.Add(new Gap(subnet.Name, "route table", subnet.At, $"no association names one, so it is the main table of {subnet.Vpc.Name}, which is not in the template ({gap.At}).", gap.Give));
            }

            if (!subnet.IsAclExplicit)
            {
                subnet.Acl = subnet.Vpc!.DefaultAcl;
                // The default ACL of a network in another template may have been changed there; AWS creates it with allow-all.
                if (subnet.Vpc.Foreign is { } gap)
                    subnet.Gaps.Add(new Gap(subnet.Name, "network ACL", subnet.At, $"no association names one, so it is the default ACL of {subnet.Vpc.Name}, which is not in the template ({gap.At}).", gap.Give));
            }
        }
    }

    internal static void BuildRoutes(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::Route"))
        {
            if (resource.Get("RouteTableId") is not ReferenceValue { Attribute: null } reference || !context.Tables.TryGetValue(reference.Resource, out RouteTable? table))
            {
                Value value = resource.Get("RouteTableId");
                bool isMain = value is ReferenceValue { Attribute: not null };
                if (isMain || value is UnknownValue)
                    context.Model.GlobalGaps.Add(BuildContext.GapOf(resource, "RouteTableId", value, $"the route table '{value.Key}' is not in the template.", "Give the template that declares it with --imports."));
                continue;
            }

            table.Routes.Add(Build(context, resource, table));
        }
    }

    private static Route Build(BuildContext context, ResourceEntry resource, RouteTable table)
    {
        Gap? gap = resource.Exists.Known is null ? BuildContext.ExistenceGap(resource) : null;
        Cidr? destination = null;
        PrefixList? list = null;
        if (resource.Get("DestinationPrefixListId") is not AbsentValue and var prefix)
        {
            list = PrefixListBuilder.Get(context, resource, "DestinationPrefixListId", prefix);
            gap ??= list.Gap;
        }
        else
        {
            string property = resource.Get("DestinationIpv6CidrBlock") is AbsentValue ? "DestinationCidrBlock" : "DestinationIpv6CidrBlock";
            Value value = resource.Get(property);
            if (value is TextValue text)
                destination = Cidr.TryParse(text.Content) ?? throw new TemplateException(resource.PlaceOf(property), $"the route '{resource.Name}' has the destination '{text.Content}', which is no block of addresses. Write it as 0.0.0.0/0.");
            else
                gap ??= BuildContext.GapOf(resource, property, value, "the destination is not written as a block.", "Write DestinationCidrBlock, or give its parameter a value.");
        }

        (RouteTarget target, NatGateway? nat, Gap? targetGap) = TargetOf(context, resource, table);
        return new Route
        {
            Name = resource.Name,
            At = resource.At,
            Destination = destination,
            PrefixList = list,
            Target = target,
            Nat = nat,
            Gap = gap ?? targetGap,
        };
    }

    private static (RouteTarget Target, NatGateway? Nat, Gap? Gap) TargetOf(BuildContext context, ResourceEntry resource, RouteTable table)
    {
        foreach ((string property, RouteTarget kind) in ((string, RouteTarget)[])[("GatewayId", RouteTarget.InternetGateway), ("EgressOnlyInternetGatewayId", RouteTarget.EgressOnlyGateway)])
        {
            Value value = resource.Get(property);
            if (value is AbsentValue)
                continue;
            if (value is ReferenceValue { Resource: var gateway } && gateway.Type is "AWS::EC2::InternetGateway" or "AWS::EC2::VPCGatewayAttachment" or "AWS::EC2::EgressOnlyInternetGateway")
            {
                if (gateway.Type == "AWS::EC2::VPCGatewayAttachment" && gateway.Get("InternetGatewayId") is ReferenceValue inner)
                    gateway = inner.Resource;
                bool isAttached = context.GatewayOwners.TryGetValue(gateway, out Vpc? owner) && owner == table.Vpc;
                if (!isAttached)
                    context.Model.Findings.Add(new Finding("BAD_STATE_ROUTE", resource.At, $"route {resource.Name} leads to {gateway.Name}, which is not attached to {table.Vpc?.Name}. Packets to {resource.Get("DestinationCidrBlock").Key} are dropped."));
                return (isAttached ? kind : RouteTarget.Nowhere, null, null);
            }

            return (RouteTarget.Unknown, null, BuildContext.GapOf(resource, property, value, $"the gateway '{value.Key}' is not modeled or not in the template.", "Declare an internet gateway in the template, or check this traffic by other means."));
        }

        Value nat = resource.Get("NatGatewayId");
        if (nat is ReferenceValue { Attribute: null } natReference && context.Nats.TryGetValue(natReference.Resource, out NatGateway? gatewayOfNat))
            return (RouteTarget.Nat, gatewayOfNat, gatewayOfNat.Gap);
        if (nat is not AbsentValue)
            return (RouteTarget.Unknown, null, BuildContext.GapOf(resource, "NatGatewayId", nat, $"the NAT gateway '{nat.Key}' is not in the template.", "Give the template that declares it with --imports."));
        foreach (string property in (string[])["InstanceId", "NetworkInterfaceId", "TransitGatewayId", "VpcPeeringConnectionId", "VpcEndpointId", "LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn", "OdbNetworkArn"])
        {
            if (resource.Get(property) is not AbsentValue and var other)
                return (RouteTarget.Unknown, null, BuildContext.GapOf(resource, property, other, $"a route to {property} is not modeled.", "Check this traffic by other means, or route it to a NAT or internet gateway."));
        }

        return (RouteTarget.Unknown, null, new Gap(resource.Name, "", resource.At, "the route names no target.", "Write GatewayId, NatGatewayId or another target."));
    }
}
