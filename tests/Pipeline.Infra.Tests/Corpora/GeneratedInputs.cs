using System.Text;

namespace Pipeline.Infra.Tests;

/// <summary>Makes up what a template leaves open: parameters without default, ids of resources elsewhere, exports of other stacks.</summary>
internal sealed class GeneratedInputs : IDisposable
{
    private const string Stub = """
        Resources:
          StubVpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.99.0.0/16, EnableDnsHostnames: true } }
          StubIgw: { Type: AWS::EC2::InternetGateway }
          StubAttached: { Type: AWS::EC2::VPCGatewayAttachment, Properties: { VpcId: !Ref StubVpc, InternetGatewayId: !Ref StubIgw } }
          StubTable: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref StubVpc } }
          StubRoute: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref StubTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref StubIgw } }
          StubSubnetA: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref StubVpc, CidrBlock: 10.99.0.0/24, AvailabilityZone: !Select [0, !GetAZs ''] } }
          StubSubnetB: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref StubVpc, CidrBlock: 10.99.1.0/24, AvailabilityZone: !Select [1, !GetAZs ''] } }
          StubTableOfA: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref StubSubnetA, RouteTableId: !Ref StubTable } }
          StubTableOfB: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref StubSubnetB, RouteTableId: !Ref StubTable } }
          StubGroup: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: g, VpcId: !Ref StubVpc, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }] } }
          StubAcl: { Type: AWS::EC2::NetworkAcl, Properties: { VpcId: !Ref StubVpc } }
        Outputs:

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("infra-inputs").FullName;
    private readonly Dictionary<string, string> _exports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _parameters = new(StringComparer.Ordinal);

    /// <summary>Reads a template, looks what it still misses, and gives that, until nothing new is missing.</summary>
    internal (InfraTemplate Template, Verdict Verdict) Decide(string path, ClaimSet claims)
    {
        InfraTemplate template = InfraTemplate.Load([path]);
        Verdict verdict = claims.Check(template).Verdicts[0];
        for (int round = 0; round < 6; round++)
        {
            if (!Answer(template))
                break;
            template = InfraTemplate.Load([path], Options());
            verdict = claims.Check(template).Verdicts[0];
        }

        return (template, verdict);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Parameters are asked for by what the template declares, exports by what it imports.
    private bool Answer(InfraTemplate template)
    {
        bool isNew = false;
        TemplateScope scope = template.Scopes[0];
        foreach (MapEntry entry in scope.Section("Parameters")?.Entries ?? [])
        {
            if (entry.Value is not MapNode declaration || _parameters.ContainsKey(entry.Key))
                continue;
            string type = ((ScalarNode)declaration["Type"]!).Text;
            bool isOpen = declaration["Default"] is null || (declaration["Default"] is ScalarNode { Text.Length: 0 } && type.StartsWith("AWS::", StringComparison.Ordinal)) || type.StartsWith("AWS::SSM::", StringComparison.Ordinal);
            if (!isOpen)
                continue;
            _parameters[entry.Key] = ValueOf(entry.Key, type, declaration);
            isNew = true;
        }

        List<string> imports = new();
        foreach (ResourceEntry resource in scope.Resources.Values)
        {
            if (resource.Properties is { } properties)
                FindImports(properties, scope, imports);
        }

        foreach (string name in imports)
            isNew |= _exports.TryAdd(name, Guess(name));
        return isNew;
    }

    private static void FindImports(DocumentNode node, TemplateScope scope, List<string> found)
    {
        switch (node)
        {
            case MapNode { Entries: [{ Key: "Fn::ImportValue", Value: var name }] }:
                if (scope.Resolver.Resolve(name) is not UnknownValue and var value)
                    found.Add(value.Key);
                break;
            case MapNode map:
                foreach (MapEntry entry in map.Entries)
                    FindImports(entry.Value, scope, found);
                break;
            case ListNode list:
                foreach (DocumentNode item in list.Items)
                    FindImports(item, scope, found);
                break;
        }
    }

    private string ValueOf(string name, string type, MapNode declaration)
    {
        if (declaration["AllowedValues"] is ListNode { Items: [ScalarNode first, ..] })
            return Quote(first.Text);
        string? reference = type switch
        {
            _ when type.Contains("VPC::Id", StringComparison.Ordinal) => "StubVpc",
            _ when type.Contains("List<AWS::EC2::Subnet::Id>", StringComparison.Ordinal) => "[StubSubnetA, StubSubnetB]",
            _ when type.Contains("Subnet::Id", StringComparison.Ordinal) => name.EndsWith('2') || name.EndsWith('B') ? "StubSubnetB" : "StubSubnetA",
            _ when type.Contains("List<AWS::EC2::SecurityGroup::Id>", StringComparison.Ordinal) => "[StubGroup]",
            _ when type.Contains("SecurityGroup::Id", StringComparison.Ordinal) => "StubGroup",
            _ => null,
        };
        if (reference is null && type is "String" or "CommaDelimitedList")
            reference = Guess(name) is var guess && guess.StartsWith("!Ref", StringComparison.Ordinal) ? guess["!Ref ".Length..] : null;
        if (reference is not null)
        {
            string[] parts = [.. reference.Trim('[', ']').Split(", ").Select(part => $"!ImportValue export-{part}")];
            foreach (string part in reference.Trim('[', ']').Split(", "))
                _exports[$"export-{part}"] = $"!Ref {part}";
            return reference.StartsWith('[') || type.StartsWith("List<", StringComparison.Ordinal) || type == "CommaDelimitedList" ? $"[{string.Join(", ", parts)}]" : parts[0];
        }

        if (type.Contains("AvailabilityZone::Name", StringComparison.Ordinal))
            return type.StartsWith("List<", StringComparison.Ordinal) ? "'us-east-1a,us-east-1b,us-east-1c'" : name.EndsWith('2') || name.EndsWith('B') ? "us-east-1b" : "us-east-1a";
        if (name.Contains("Cidr", StringComparison.OrdinalIgnoreCase) || name.Contains("Location", StringComparison.OrdinalIgnoreCase) || name.Contains("CIDR", StringComparison.Ordinal))
            return "10.99.0.0/24";
        if (name.Contains("Port", StringComparison.OrdinalIgnoreCase) || type == "Number")
            return "'8080'";
        return "'made-up'";
    }

    private static string Guess(string name) => name switch
    {
        _ when name.Contains("Subnets", StringComparison.OrdinalIgnoreCase) => "!Join [',', [!Ref StubSubnetA, !Ref StubSubnetB]]",
        _ when name.Contains("Subnet", StringComparison.OrdinalIgnoreCase) => "!Ref StubSubnetA",
        _ when name.Contains("NetworkAcl", StringComparison.OrdinalIgnoreCase) => "!Ref StubAcl",
        _ when name.Contains("RouteTable", StringComparison.OrdinalIgnoreCase) => "!Ref StubTable",
        _ when name.Contains("Group", StringComparison.OrdinalIgnoreCase) && !name.Contains("Log", StringComparison.OrdinalIgnoreCase) && !name.Contains("Target", StringComparison.OrdinalIgnoreCase) => "!Ref StubGroup",
        _ when name.Contains("CidrBlock", StringComparison.OrdinalIgnoreCase) || name.Contains("CIDR", StringComparison.Ordinal) => "10.99.0.0/16",
        _ when name.Contains("Vpc", StringComparison.OrdinalIgnoreCase) => "!Ref StubVpc",
        _ => "made-up",
    };

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private TemplateOptions Options()
    {
        StringBuilder outputs = new(Stub);
        int number = 0;
        foreach ((string name, string value) in _exports)
            outputs.Append($"  O{number++}: {{ Value: {value}, Export: {{ Name: {Quote(name)} }} }}\n");
        string stub = Path.Combine(_folder, "stub.yaml");
        File.WriteAllText(stub, outputs.ToString());
        string parameters = Path.Combine(_folder, "parameters.yaml");
        File.WriteAllText(parameters, string.Concat(_parameters.Select(pair => $"{pair.Key}: {pair.Value}\n")));
        TemplateOptions options = new() { ParametersFile = _parameters.Count > 0 ? parameters : null };
        if (number > 0)
            options.ImportFiles.Add(stub);
        return options;
    }
}
