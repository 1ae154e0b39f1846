namespace Pipeline.Infra;

/// <summary>Turns the resources of all templates into one network.</summary>
internal static class NetworkBuilder
{
    internal static NetworkModel Build(IReadOnlyList<TemplateScope> scopes, IReadOnlyDictionary<string, string>? prefixListIds = null)
    {
        TemplateSettings settings = scopes[0].Settings;
        NetworkModel model = new() { Assumptions = new SortedDictionary<string, string>(settings.Assumptions, StringComparer.Ordinal) };
        BuildContext context = new()
        {
            Model = model,
            Region = settings.Region,
            PrefixListIds = prefixListIds ?? new Dictionary<string, string>(),
        };
        foreach (TemplateScope scope in scopes)
        {
            model.GlobalGaps.AddRange(scope.Gaps);
            foreach (ResourceEntry resource in scope.Resources.Values)
            {
                if (resource.Exists.Known == false)
                    continue;
                model.Resources.Add(resource);
                if (resource.Exists.Known is null && IsPartOfNetwork(resource.Type))
                    model.GlobalGaps.Add(BuildContext.ExistenceGap(resource));
            }
        }

        DecisiveProperties.Check(context);
        VpcBuilder.BuildVpcs(context);
        VpcBuilder.BuildGateways(context);
        VpcBuilder.BuildSubnets(context);
        RouteBuilder.BuildTables(context);
        AclBuilder.Build(context);
        RouteBuilder.UseDefaults(context);
        PrefixListBuilder.Build(context);
        GroupBuilder.Build(context);
        GatewayBuilder.BuildNats(context);
        RouteBuilder.BuildRoutes(context);
        GatewayBuilder.BuildEndpoints(context);
        ComputeBuilder.Build(context);
        DataBuilder.Build(context);
        LoadBalancerBuilder.Build(context);
        foreach (ResourceEntry resource in model.Resources)
            TypeCatalog.Classify(context, resource);
        // Working out properties may have taken more for granted.
        foreach (KeyValuePair<string, string> assumption in settings.Assumptions)
            model.Assumptions[assumption.Key] = assumption.Value;
        return model;
    }

    // Rules, routes and entries carry their own gap; the existence of these changes what the others mean.
    private static bool IsPartOfNetwork(string type) => type is "AWS::EC2::VPC" or "AWS::EC2::VPCCidrBlock" or "AWS::EC2::Subnet" or "AWS::EC2::RouteTable" or "AWS::EC2::SubnetRouteTableAssociation"
        or "AWS::EC2::InternetGateway" or "AWS::EC2::VPCGatewayAttachment" or "AWS::EC2::NetworkAcl" or "AWS::EC2::SubnetNetworkAclAssociation" or "AWS::EC2::SecurityGroup"
        or "AWS::EC2::EIP" or "AWS::EC2::EIPAssociation" or "AWS::EC2::SubnetCidrBlock" or "AWS::EC2::EgressOnlyInternetGateway";
}
