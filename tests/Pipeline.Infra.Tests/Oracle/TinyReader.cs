using YamlDotNet.RepresentationModel;

namespace Pipeline.Infra.Tests;

/// <summary>Reads one of the shipped templates into a <see cref="TinyNetwork"/>, by the plainest means and without the reader of the product.</summary>
internal sealed class TinyReader
{
    private readonly Dictionary<string, YamlMappingNode> _resources = [];
    private readonly HashSet<string> _conditions;

    private TinyReader(string path, IEnumerable<string> trueConditions)
    {
        _conditions = [.. trueConditions];
        YamlStream stream = new();
        using StringReader text = new(File.ReadAllText(path));
        stream.Load(text);
        foreach ((YamlNode key, YamlNode value) in ((YamlMappingNode)((YamlMappingNode)stream.Documents[0].RootNode)["Resources"]).Children)
        {
            YamlMappingNode node = (YamlMappingNode)value;
            if (!node.Children.TryGetValue("Condition", out YamlNode? condition) || _conditions.Contains(condition.ToString()))
                _resources[key.ToString()] = node;
        }
    }

    internal static TinyNetwork Read(string path, params string[] trueConditions) => new TinyReader(path, trueConditions).Build();

    private TinyNetwork Build()
    {
        TinyNetwork network = new() { HasInternetGateway = OfType("AWS::EC2::VPCGatewayAttachment").Any() };
        string[] subnets = [.. OfType("AWS::EC2::Subnet")];
        string[] tables = [.. OfType("AWS::EC2::RouteTable")];
        string[] acls = [.. OfType("AWS::EC2::NetworkAcl")];
        string[] groups = [.. OfType("AWS::EC2::SecurityGroup")];
        string[] nats = [.. OfType("AWS::EC2::NatGateway")];
        foreach (string subnet in subnets)
        {
            string? table = OfType("AWS::EC2::SubnetRouteTableAssociation").FirstOrDefault(a => Text(a, "SubnetId") == subnet);
            string? acl = OfType("AWS::EC2::SubnetNetworkAclAssociation").FirstOrDefault(a => Text(a, "SubnetId") == subnet);
            network.Subnets.Add(new TinySubnet(Text(subnet, "CidrBlock")!, table is null ? -1 : Array.IndexOf(tables, Text(table, "RouteTableId")), acl is null ? -1 : Array.IndexOf(acls, Text(acl, "NetworkAclId"))));
        }

        network.NatSubnets.AddRange(nats.Select(nat => Array.IndexOf(subnets, Text(nat, "SubnetId"))));
        foreach (string table in tables)
        {
            network.Tables.Add([.. OfType("AWS::EC2::Route").Where(route => Text(route, "RouteTableId") == table)
                .Select(route => new TinyRoute(Text(route, "DestinationCidrBlock")!, Text(route, "NatGatewayId") is { } nat ? Array.IndexOf(nats, nat) : -1))]);
        }

        foreach (string acl in acls)
            network.Acls.Add([.. OfType("AWS::EC2::NetworkAclEntry").Where(entry => Text(entry, "NetworkAclId") == acl).Select(Entry)]);
        foreach (string group in groups)
            network.Groups.Add(Group(group, groups));
        AddInterfaces(network, subnets, groups);
        return network;
    }

    private void AddInterfaces(TinyNetwork network, string[] subnets, string[] groups)
    {
        int host = 10;
        foreach ((string name, YamlMappingNode node) in _resources)
        {
            (string[] places, string[] carried, bool isPublic) = node["Type"].ToString() switch
            {
                "AWS::ElasticLoadBalancingV2::LoadBalancer" => (List(name, "Subnets"), List(name, "SecurityGroups"), Text(name, "Scheme") == "internet-facing"),
                "AWS::AutoScaling::AutoScalingGroup" => (List(name, "VPCZoneIdentifier"), Texts(Property(Text(Property(name, "LaunchTemplate"), "LaunchTemplateId")!, "LaunchTemplateData"), "SecurityGroupIds"), false),
                "AWS::RDS::DBInstance" => (List(Text(name, "DBSubnetGroupName")!, "SubnetIds"), List(name, "VPCSecurityGroups"), false),
                "AWS::ElastiCache::ReplicationGroup" => (List(Text(name, "CacheSubnetGroupName")!, "SubnetIds"), List(name, "SecurityGroupIds"), false),
                "AWS::EC2::VPCEndpoint" when Text(name, "VpcEndpointType") == "Interface" => (List(name, "SubnetIds"), List(name, "SecurityGroupIds"), false),
                "AWS::ECS::Service" => (Texts(Property(Property(name, "NetworkConfiguration"), "AwsvpcConfiguration"), "Subnets"), Texts(Property(Property(name, "NetworkConfiguration"), "AwsvpcConfiguration"), "SecurityGroups"), false),
                "AWS::EC2::Instance" => ([Text(name, "SubnetId")!], List(name, "SecurityGroupIds"), OfType("AWS::EC2::EIP").Any(ip => Text(ip, "InstanceId") == name)),
                _ => ([], [], false),
            };
            foreach (string place in places)
                network.Interfaces.Add(new TinyInterface(Array.IndexOf(subnets, place), host++, [.. carried.Select(group => Array.IndexOf(groups, group))], isPublic, places.Length == 1 ? name : $"{name} in {place}"));
        }
    }

    private TinyAclEntry Entry(string name)
    {
        int protocol = int.Parse(Text(name, "Protocol")!);
        YamlNode? range = Property(name, "PortRange");
        return new TinyAclEntry(int.Parse(Text(name, "RuleNumber")!), Text(name, "Egress") == "true", Text(name, "RuleAction") == "allow", protocol,
            range is null ? 0 : int.Parse(Text(range, "From")!), range is null ? 65535 : int.Parse(Text(range, "To")!), Text(name, "CidrBlock")!);
    }

    private TinyGroup Group(string name, string[] groups)
    {
        TinyGroup group = new();
        foreach ((List<TinyRule> rules, string side, string peer) in ((List<TinyRule>, string, string)[])[(group.Ingress, "Ingress", "Source"), (group.Egress, "Egress", "Destination")])
        {
            if (Property(name, $"SecurityGroup{side}") is YamlSequenceNode inline)
                rules.AddRange(inline.Children.Select(rule => Rule(rule, peer, groups)));
            rules.AddRange(OfType($"AWS::EC2::SecurityGroup{side}").Where(rule => Text(rule, "GroupId") == name).Select(rule => Rule(_resources[rule]["Properties"], peer, groups)));
        }

        return group;
    }

    private static TinyRule Rule(YamlNode rule, string side, string[] groups)
    {
        int protocol = Text(rule, "IpProtocol") switch { "tcp" => 6, "udp" => 17, "icmp" => 1, "-1" => -1, { } other => int.Parse(other), null => -1 };
        string? block = Text(rule, "CidrIp");
        // The office's addresses are a parameter with a default.
        if (block == "OfficeAddress")
            block = "198.51.100.0/28";
        int group = Text(rule, $"{side}SecurityGroupId") is { } peer ? Array.IndexOf(groups, peer) : -1;
        return new TinyRule(protocol, int.Parse(Text(rule, "FromPort") ?? "0"), int.Parse(Text(rule, "ToPort") ?? "65535"), block, group);
    }

    private IEnumerable<string> OfType(string type) => _resources.Where(pair => pair.Value["Type"].ToString() == type).Select(pair => pair.Key);

    private YamlNode? Property(string resource, string name) => _resources[resource].Children.TryGetValue("Properties", out YamlNode? properties) ? Property(properties, name) : null;

    private static YamlNode? Property(YamlNode? node, string name) => node is YamlMappingNode map && map.Children.TryGetValue(name, out YamlNode? value) ? value : null;

    // References are written "!Ref Name": the tag falls away and the name is left.
    private string? Text(string resource, string name) => Property(resource, name)?.ToString();

    private static string? Text(YamlNode? node, string name) => Property(node, name)?.ToString();

    private string[] List(string resource, string name) => Texts(_resources[resource]["Properties"], name);

    private static string[] Texts(YamlNode? node, string name) => Property(node, name) is YamlSequenceNode list ? [.. list.Children.Select(item => item.ToString())] : [];
}
