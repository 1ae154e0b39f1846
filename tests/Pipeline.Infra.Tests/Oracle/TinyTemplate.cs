using System.Text;

namespace Pipeline.Infra.Tests;

/// <summary>Writes a <see cref="TinyNetwork"/> as a CloudFormation template.</summary>
internal static class TinyTemplate
{
    internal static string Write(TinyNetwork network)
    {
        StringBuilder text = new("Resources:\n  Net: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }\n");
        if (network.HasInternetGateway)
        {
            text.Append("  Igw: { Type: AWS::EC2::InternetGateway }\n");
            text.Append("  Attached: { Type: AWS::EC2::VPCGatewayAttachment, Properties: { VpcId: !Ref Net, InternetGatewayId: !Ref Igw } }\n");
        }

        for (int s = 0; s < network.Subnets.Count; s++)
        {
            TinySubnet subnet = network.Subnets[s];
            text.Append($"  Subnet{s}: {{ Type: AWS::EC2::Subnet, Properties: {{ VpcId: !Ref Net, CidrBlock: {subnet.Block}, AvailabilityZone: !Select [{s % 2}, !GetAZs ''] }} }}\n");
            if (subnet.Table >= 0)
                text.Append($"  TableOf{s}: {{ Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {{ SubnetId: !Ref Subnet{s}, RouteTableId: !Ref Table{subnet.Table} }} }}\n");
            if (subnet.Acl >= 0)
                text.Append($"  AclOf{s}: {{ Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {{ SubnetId: !Ref Subnet{s}, NetworkAclId: !Ref Acl{subnet.Acl} }} }}\n");
        }

        for (int n = 0; n < network.NatSubnets.Count; n++)
        {
            text.Append($"  NatIp{n}: {{ Type: AWS::EC2::EIP }}\n");
            text.Append($"  Nat{n}: {{ Type: AWS::EC2::NatGateway, Properties: {{ SubnetId: !Ref Subnet{network.NatSubnets[n]}, AllocationId: !GetAtt NatIp{n}.AllocationId }} }}\n");
        }

        for (int t = 0; t < network.Tables.Count; t++)
        {
            text.Append($"  Table{t}: {{ Type: AWS::EC2::RouteTable, Properties: {{ VpcId: !Ref Net }} }}\n");
            for (int r = 0; r < network.Tables[t].Count; r++)
            {
                TinyRoute route = network.Tables[t][r];
                string target = route.Nat < 0 ? "GatewayId: !Ref Igw" : $"NatGatewayId: !Ref Nat{route.Nat}";
                text.Append($"  Route{t}x{r}: {{ Type: AWS::EC2::Route, Properties: {{ RouteTableId: !Ref Table{t}, DestinationCidrBlock: {route.Block}, {target} }} }}\n");
            }
        }

        for (int a = 0; a < network.Acls.Count; a++)
        {
            text.Append($"  Acl{a}: {{ Type: AWS::EC2::NetworkAcl, Properties: {{ VpcId: !Ref Net }} }}\n");
            for (int e = 0; e < network.Acls[a].Count; e++)
            {
                TinyAclEntry entry = network.Acls[a][e];
                string ports = entry.Protocol is 6 or 17 ? $", PortRange: {{ From: {entry.First}, To: {entry.Last} }}" : entry.Protocol == 1 ? ", Icmp: { Type: -1, Code: -1 }" : "";
                text.Append($"  Entry{a}x{e}: {{ Type: AWS::EC2::NetworkAclEntry, Properties: {{ NetworkAclId: !Ref Acl{a}, RuleNumber: {entry.Number}, Egress: {(entry.Egress ? "true" : "false")}, RuleAction: {(entry.Allow ? "allow" : "deny")}, Protocol: {entry.Protocol}{ports}, CidrBlock: {entry.Block} }} }}\n");
            }
        }

        for (int g = 0; g < network.Groups.Count; g++)
        {
            text.Append($"  Group{g}: {{ Type: AWS::EC2::SecurityGroup, Properties: {{ GroupDescription: g, VpcId: !Ref Net }} }}\n");
            WriteRules(text, network.Groups[g].Ingress, g, "Ingress", "Source");
            WriteRules(text, network.Groups[g].Egress, g, "Egress", "Destination");
        }

        for (int i = 0; i < network.Interfaces.Count; i++)
        {
            TinyInterface item = network.Interfaces[i];
            string groups = item.Groups.Length == 0 ? "" : $", GroupSet: [{string.Join(", ", item.Groups.Select(g => $"!Ref Group{g}"))}]";
            text.Append($"  I{i}: {{ Type: AWS::EC2::Instance, Properties: {{ ImageId: ami-1, NetworkInterfaces: [{{ DeviceIndex: '0', SubnetId: !Ref Subnet{item.Subnet}, PrivateIpAddress: 10.0.{item.Subnet}.{item.Host}, AssociatePublicIpAddress: {(item.Public ? "true" : "false")}{groups} }}] }} }}\n");
        }

        return text.ToString();
    }

    private static void WriteRules(StringBuilder text, List<TinyRule> rules, int group, string side, string peerSide)
    {
        for (int r = 0; r < rules.Count; r++)
        {
            TinyRule rule = rules[r];
            string ports = rule.Protocol is 6 or 17 ? $", FromPort: {rule.First}, ToPort: {rule.Last}" : rule.Protocol == 1 ? ", FromPort: -1, ToPort: -1" : "";
            string peer = rule.Block is { } block ? $"CidrIp: {block}" : $"{peerSide}SecurityGroupId: !Ref Group{rule.Group}";
            text.Append($"  {side}{group}x{r}: {{ Type: AWS::EC2::SecurityGroup{side}, Properties: {{ GroupId: !Ref Group{group}, IpProtocol: '{rule.Protocol}'{ports}, {peer} }} }}\n");
        }
    }
}
