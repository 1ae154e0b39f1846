namespace Pipeline.Infra.Tests;

/// <summary>A small network with one public and one private subnet, to which a test adds what it is about.</summary>
internal static class Fragment
{
    internal const string Network = """
        Resources:
          Net: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true } }
          Igw: { Type: AWS::EC2::InternetGateway }
          Attached: { Type: AWS::EC2::VPCGatewayAttachment, Properties: { VpcId: !Ref Net, InternetGatewayId: !Ref Igw } }
          Public: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Net, CidrBlock: 10.0.0.0/24, AvailabilityZone: !Select [0, !GetAZs ''] } }
          Other: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Net, CidrBlock: 10.0.2.0/24, AvailabilityZone: !Select [1, !GetAZs ''] } }
          Private: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Net, CidrBlock: 10.0.1.0/24, AvailabilityZone: !Select [0, !GetAZs ''] } }
          Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Net } }
          Default: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw } }
          TableOfPublic: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref Public, RouteTableId: !Ref Table } }
          TableOfOther: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref Other, RouteTableId: !Ref Table } }

        """;

    internal static InfraTemplate Parse(string more, TemplateOptions? options = null) => InfraTemplate.Parse("t.yaml", Network + more, options);

    internal static string Group(string name, string ingress, string egress = "") =>
        $"  {name}: {{ Type: AWS::EC2::SecurityGroup, Properties: {{ GroupDescription: g, VpcId: !Ref Net, SecurityGroupIngress: [{ingress}]{(egress.Length == 0 ? "" : $", SecurityGroupEgress: [{egress}]")} }} }}\n";

    internal static string Instance(string name, string subnet, string group, bool isPublic = false) =>
        $"  {name}: {{ Type: AWS::EC2::Instance, Properties: {{ ImageId: ami-1, NetworkInterfaces: [{{ DeviceIndex: '0', SubnetId: !Ref {subnet}, GroupSet: [!Ref {group}], AssociatePublicIpAddress: {(isPublic ? "true" : "false")} }}] }} }}\n";

    internal static string Entry(string name, string acl, int number, bool egress, string action, string protocol, string ports, string block) =>
        $"  {name}: {{ Type: AWS::EC2::NetworkAclEntry, Properties: {{ NetworkAclId: !Ref {acl}, RuleNumber: {number}, Egress: {(egress ? "true" : "false")}, RuleAction: {action}, Protocol: {protocol}{(ports.Length == 0 ? "" : $", PortRange: {{ {ports} }}")}, CidrBlock: {block} }} }}\n";

    internal static string Acl(string name, string subnet) =>
        $"  {name}: {{ Type: AWS::EC2::NetworkAcl, Properties: {{ VpcId: !Ref Net }} }}\n  {name}Of{subnet}: {{ Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {{ SubnetId: !Ref {subnet}, NetworkAclId: !Ref {name} }} }}\n";

    internal static Verdict Never(InfraTemplate template, string from, string to, params string[] ports) => new ClaimSet().Never(from, to, ports).Check(template).Verdicts[0];

    internal static Verdict Reach(InfraTemplate template, string from, string to, params string[] ports) => new ClaimSet().Reach(from, to, ports).Check(template).Verdicts[0];
}
