namespace Pipeline.Infra;

/// <summary>Builds NAT gateways and endpoints.</summary>
internal static class GatewayBuilder
{
    internal static void BuildNats(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::NatGateway"))
        {
            bool isRegional = string.Equals(Facts.Text(resource.Get("AvailabilityMode")), "regional", StringComparison.OrdinalIgnoreCase);
            bool isPrivate = string.Equals(Facts.Text(resource.Get("ConnectivityType")), "private", StringComparison.OrdinalIgnoreCase);
            Subnet? subnet = isRegional ? null : context.SubnetOf(resource, "SubnetId", resource.Get("SubnetId"));
            Gap? gap = resource.Exists.Known is null ? BuildContext.ExistenceGap(resource) : subnet?.Foreign;
            bool hasAddress = !isPrivate && (isRegional || resource.Get("AllocationId") is not AbsentValue);
            if (!isPrivate && !hasAddress)
                context.Model.Findings.Add(new Finding("NAT_WITHOUT_ADDRESS", resource.At, $"NAT gateway {resource.Name} is public but names no AllocationId; AWS refuses it."));
            NatGateway nat = new()
            {
                Name = resource.Name,
                At = resource.At,
                Subnet = subnet,
                Vpc = subnet?.Vpc ?? (isRegional ? context.VpcOf(resource, "VpcId") : null),
                IsPrivate = isPrivate,
                HasPublicAddress = hasAddress,
                Gap = gap,
            };
            context.Nats.Add(resource, nat);
            context.Model.Nats.Add(nat);
        }
    }

    internal static void BuildEndpoints(BuildContext context)
    {
        foreach (ResourceEntry resource in context.OfType("AWS::EC2::VPCEndpoint"))
        {
            string kind = Facts.Text(resource.Get("VpcEndpointType")) ?? "Gateway";
            Value service = resource.Get("ServiceName");
            Gap? gap = resource.Exists.Known is null ? BuildContext.ExistenceGap(resource) : null;
            if (service is not TextValue)
                gap ??= BuildContext.GapOf(resource, "ServiceName", service, $"the service '{service.Key}' is not known.", "Write the name, for example com.amazonaws.us-east-1.s3.");
            if (kind is not ("Gateway" or "Interface"))
            {
                context.VpcOf(resource, "VpcId").Doors.Add(VpcBuilder.NotModeled(resource, $"An endpoint of the kind {kind}"));
                continue;
            }

            VpcEndpoint endpoint = new()
            {
                Name = resource.Name,
                At = resource.At,
                Vpc = context.VpcOf(resource, "VpcId"),
                IsGateway = kind == "Gateway",
                Service = Facts.Text(service) ?? service.Key,
                HasPrivateDns = Facts.Bool(resource.Get("PrivateDnsEnabled")) ?? false,
                Resource = resource,
                Gap = gap,
            };
            context.Model.Endpoints.Add(endpoint);
            if (endpoint.IsGateway)
                AddRoutes(context, resource, endpoint);
            else
                InterfaceBuilder.AddEndpoint(context, resource, endpoint);
        }
    }

    private static void AddRoutes(BuildContext context, ResourceEntry resource, VpcEndpoint endpoint)
    {
        foreach (Value value in Facts.Items(resource.Get("RouteTableIds")))
        {
            if (value is ReferenceValue { Attribute: null } reference && context.Tables.TryGetValue(reference.Resource, out RouteTable? table))
                table.Routes.Add(new Route { Name = resource.Name, At = resource.At, Target = RouteTarget.GatewayEndpoint, Endpoint = endpoint, Gap = endpoint.Gap });
            else
                context.Model.Findings.Add(new Finding("ENDPOINT_TABLE_NOT_IN_TEMPLATE", resource.PlaceOf("RouteTableIds"), $"endpoint {resource.Name} names the route table '{value.Key}', which is not in the template."));
        }
    }
}
