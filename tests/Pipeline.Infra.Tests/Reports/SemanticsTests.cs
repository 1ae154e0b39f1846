using static Pipeline.Infra.Tests.Fragment;

namespace Pipeline.Infra.Tests;

/// <summary>One expectation per rule of the network that the reports of others do not cover.</summary>
public sealed class SemanticsTests
{
    private const string All = "{ IpProtocol: -1, CidrIp: 0.0.0.0/0 }";

    [Fact]
    public void MainTable_SubnetWithoutAssociation_HasLocalRoutesOnly()
    {
        InfraTemplate template = Parse(Group("G", All) + Instance("App", "Private", "G", isPublic: true));
        Verdict verdict = Reach(template, "App", "internet", "tcp/443");
        Assert.Equal(Answer.Blocked, verdict.Answer);
        Assert.Contains(verdict.Steps, step => step.Code == "NO_ROUTE_TO_DESTINATION" && step.Text.Contains("main table of Net", StringComparison.Ordinal));
    }

    [Fact]
    public void GroupAsPeer_StandsForPrivateAddressesOnly()
    {
        InfraTemplate template = Parse(Group("Web", "{ IpProtocol: tcp, FromPort: 22, ToPort: 22, SourceSecurityGroupId: !Ref Jump }, { IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }") + Group("Jump", All) + Instance("A", "Public", "Jump", isPublic: true) + Instance("B", "Other", "Web", isPublic: true));
        Assert.Equal(Answer.Refuted, Never(template, "A", "B", "tcp/22").Answer);
        FlowPath[] detour = [.. new PathFinder(template.Network).Find(Party.Of(Item(template, "A")), Party.Of(Item(template, "B"))).Where(path => path.Via == PathVia.PublicAddress)];
        Assert.NotEmpty(detour);
        PacketSet ssh = PacketSet.Of(Box.Everything with { Protocol = new(6, 6), DestinationPort = new(22, 22) });
        Assert.All(detour, path => Assert.True(path.Arrives(must: false).Intersect(ssh).IsEmpty));
    }

    [Fact]
    public void InsideSubnet_NoAclIsAsked()
    {
        InfraTemplate template = Parse(Group("G", All) + Instance("A", "Private", "G") + Instance("B", "Private", "G") + Acl("Closed", "Private"));
        Assert.Equal(Answer.Refuted, Never(template, "A", "B", "tcp/22").Answer);
        Verdict layers = new ClaimSet().NeverByEachLayer("A", "B", "tcp/22").Check(Parse(Group("G", "{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }") + Instance("A", "Private", "G") + Instance("B", "Private", "G") + Acl("Closed", "Private"))).Verdicts[0];
        Assert.Equal(Answer.Refuted, layers.Answer);
        Assert.StartsWith("Cannot hold by ACL", layers.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void CustomAclWithoutEntries_DeniesAll()
    {
        InfraTemplate template = Parse(Group("G", All) + Instance("Web", "Public", "G", isPublic: true) + Acl("Closed", "Public"));
        Assert.Equal(Answer.Proved, Never(template, "internet", "Web", "all").Answer);
    }

    [Fact]
    public void DefaultGroup_LetsItselfInOnly()
    {
        InfraTemplate template = Parse(Group("G", All) + Instance("A", "Public", "G", isPublic: true)
            + "  B: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1, SubnetId: !Ref Private } }\n  C: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1, SubnetId: !Ref Other } }\n");
        Assert.Equal(Answer.Proved, Never(template, "A", "B", "all").Answer);
        Assert.Equal(Answer.Proved, Reach(template, "C", "B", "tcp/5432").Answer);
    }

    [Fact]
    public void InternetGateway_NotAttached_LeadsNowhere()
    {
        string text = Network.Replace("  Attached:", "  Attach_removed:", StringComparison.Ordinal).Replace("Type: AWS::EC2::VPCGatewayAttachment, Properties: { VpcId: !Ref Net, InternetGatewayId: !Ref Igw }", "Type: AWS::SNS::Topic", StringComparison.Ordinal).Replace("Attach_removed", "Attached", StringComparison.Ordinal);
        InfraTemplate template = InfraTemplate.Parse("t.yaml", text + Group("G", All) + Instance("Web", "Public", "G", isPublic: true));
        Assert.Equal(Answer.Proved, Never(template, "internet", "Web", "all").Answer);
        Assert.Contains(template.Findings, finding => finding.Code == "BAD_STATE_ROUTE");
    }

    [Fact]
    public void Nat_AnswersToItsPorts_NeedTheAclOfItsSubnet()
    {
        const string Nat = "  Ip: { Type: AWS::EC2::EIP }\n  Nat: { Type: AWS::EC2::NatGateway, Properties: { SubnetId: !Ref Public, AllocationId: !GetAtt Ip.AllocationId } }\n  Inner: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Net } }\n"
            + "  Out: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Inner, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat } }\n  InnerOf: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref Private, RouteTableId: !Ref Inner } }\n";
        string Guarded(int first) => Group("G", All) + Instance("App", "Private", "G") + Nat + Acl("Guard", "Public")
            + Entry("In", "Guard", 100, false, "allow", "6", $"From: {first}, To: 65535", "0.0.0.0/0") + Entry("InApp", "Guard", 110, false, "allow", "6", "From: 443, To: 443", "10.0.1.0/24") + Entry("OutAll", "Guard", 100, true, "allow", "-1", "", "0.0.0.0/0");
        Assert.Equal(Answer.Proved, Reach(Parse(Guarded(1024)), "App", "internet", "tcp/443").Answer);
        Verdict blocked = Reach(Parse(Guarded(32768)), "App", "internet", "tcp/443");
        Assert.Equal(Answer.Blocked, blocked.Answer);
        Assert.Contains("its port 1024", Assert.Single(blocked.Steps).Text, StringComparison.Ordinal);
        Assert.Equal(Answer.Proved, Never(Parse(Guarded(1024)), "internet", "App", "all").Answer);
    }

    [Fact]
    public void RegionalNat_IsNoSinglePoint()
    {
        const string Nat = "  Nat: { Type: AWS::EC2::NatGateway, Properties: { VpcId: !Ref Net, AvailabilityMode: regional } }\n  Inner: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Net } }\n"
            + "  Out: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Inner, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat } }\n  InnerOf: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref Private, RouteTableId: !Ref Inner } }\n";
        InfraTemplate template = Parse(Group("G", All) + Instance("App", "Private", "G") + Nat);
        Assert.Equal(Answer.Proved, Reach(template, "App", "internet", "tcp/443").Answer);
        Assert.DoesNotContain(SinglePointAnalysis.Analyze(template).Alone, component => component.Kind == "way-out");
    }

    [Fact]
    public void Ipv6_EgressOnlyGateway_LetsNothingIn()
    {
        const string V6 = """
              Six: { Type: AWS::EC2::VPCCidrBlock, Properties: { VpcId: !Ref Net, AmazonProvidedIpv6CidrBlock: true } }
              SixSubnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Net, CidrBlock: 10.0.9.0/24, Ipv6CidrBlock: !Select [1, !Cidr [!Select [0, !GetAtt Net.Ipv6CidrBlocks], 4, 64]], AssignIpv6AddressOnCreation: true } }
              Eigw: { Type: AWS::EC2::EgressOnlyInternetGateway, Properties: { VpcId: !Ref Net } }
              SixTable: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Net } }
              SixOf: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref SixSubnet, RouteTableId: !Ref SixTable } }
              SixOut: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref SixTable, DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: !Ref Eigw } }

            """;
        string group = Group("G", "{ IpProtocol: -1, CidrIpv6: '::/0' }");
        string instance = "  App: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1, SubnetId: !Ref SixSubnet, SecurityGroupIds: [!Ref G] } }\n";
        InfraTemplate template = Parse(V6 + group + instance);
        Assert.Equal(Answer.Proved, Never(template, "internet", "App", "all").Answer);
        Assert.Contains(new PathFinder(template.Network).Find(Party.Of(Item(template, "App")), Party.Internet), path => path.IsV6 && path.Via == PathVia.EgressOnlyGateway && !path.Connects(must: true).IsEmpty);
        InfraTemplate open = Parse(V6.Replace("EgressOnlyInternetGatewayId: !Ref Eigw", "GatewayId: !Ref Igw", StringComparison.Ordinal) + group + instance);
        Assert.Equal(Answer.Refuted, Never(open, "internet", "App", "tcp/22").Answer);
    }

    [Theory]
    [InlineData("  Tgw: { Type: AWS::EC2::TransitGatewayAttachment, Properties: { VpcId: !Ref Net, SubnetIds: [!Ref Private], TransitGatewayId: tgw-1 } }\n", "Tgw")]
    [InlineData("  Peer: { Type: AWS::EC2::VPCPeeringConnection, Properties: { VpcId: !Ref Net, PeerVpcId: vpc-1 } }\n", "Peer")]
    [InlineData("  New: { Type: AWS::EC2::RouteServer, Properties: {} }\n", "New")]
    [InlineData("  Bpa: { Type: AWS::EC2::VPCBlockPublicAccessOptions, Properties: { InternetGatewayBlockMode: block-bidirectional } }\n", "Bpa")]
    public void NotModeled_IsRefusedByName(string resource, string name)
    {
        InfraTemplate template = Parse(Group("G", All) + Instance("Web", "Public", "G", isPublic: name == "Bpa") + resource);
        Verdict verdict = Never(template, "internet", "Web", "tcp/22");
        Assert.Equal(Answer.CannotTell, verdict.Answer);
        Assert.Contains(verdict.Gaps, gap => gap.Resource == name && gap.At.Line > 1 && gap.Give.Length > 0);
    }

    [Fact]
    public void NotModeledInterface_KeepsAnyOpenAndOthersDecided()
    {
        InfraTemplate template = Parse(Group("G", All) + Instance("Web", "Private", "G") + "  Search: { Type: AWS::OpenSearchService::Domain, Properties: { VPCOptions: { SubnetIds: [!Ref Private], SecurityGroupIds: [!Ref G] } } }\n");
        Assert.Equal(Answer.CannotTell, Never(template, "internet", "any", "tcp/22").Answer);
        Assert.Equal(Answer.Proved, Never(template, "internet", "Web", "tcp/22").Answer);
    }

    [Fact]
    public void Fragment_WithoutItsNetwork_IsDecidedByGroupsAndSaysWhatIsMissing()
    {
        const string Text = "Parameters:\n  Net: { Type: 'AWS::EC2::VPC::Id' }\n  Place: { Type: 'AWS::EC2::Subnet::Id' }\nResources:\n  G: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: g, VpcId: !Ref Net, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }] } }\n"
            + "  Web: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1, SubnetId: !Ref Place, SecurityGroupIds: [!Ref G] } }\n";
        InfraTemplate template = InfraTemplate.Parse("t.yaml", Text);
        Assert.Equal(Answer.Proved, Never(template, "internet", "Web", "tcp/22").Answer);
        Verdict open = Never(template, "internet", "Web", "tcp/443");
        Assert.Equal(Answer.CannotTell, open.Answer);
        Assert.Contains(open.Gaps, gap => gap.Resource == "Web" && gap.Property == "SubnetId" && gap.Give.Contains("Place", StringComparison.Ordinal));
    }

    [Fact]
    public void Imports_OtherTemplate_JoinsTheNetwork()
    {
        string folder = Directory.CreateTempSubdirectory("infra").FullName;
        try
        {
            string network = Path.Combine(folder, "network.yaml");
            File.WriteAllText(network, Network + "Outputs:\n  S: { Value: !Ref Public, Export: { Name: !Sub '${AWS::StackName}-Subnet' } }\n  V: { Value: !Ref Net, Export: { Name: !Sub '${AWS::StackName}-Vpc' } }\n");
            string app = Path.Combine(folder, "app.yaml");
            File.WriteAllText(app, "Parameters:\n  Parent: { Type: String }\nResources:\n  G: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: g, VpcId: { 'Fn::ImportValue': !Sub '${Parent}-Vpc' }, SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }] } }\n"
                + "  Web: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1, NetworkInterfaces: [{ DeviceIndex: '0', AssociatePublicIpAddress: true, SubnetId: { 'Fn::ImportValue': !Sub '${Parent}-Subnet' }, GroupSet: [!Ref G] }] } }\n");
            TemplateOptions options = new();
            options.ImportFiles.Add($"base={network}");
            options.Parameters["Parent"] = "base";
            InfraTemplate template = InfraTemplate.Load([app], options);
            Assert.Equal(Answer.Proved, new ClaimSet().Only("internet", "Web", "tcp/443").Check(template).Verdicts[0].Answer);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void NetworkLoadBalancer_KeepsTheClientsAddress_TargetsAreReachedFromTheInternet()
    {
        string balancer = "  Lb: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Scheme: internet-facing, Subnets: [!Ref Public] } }\n"
            + "  L: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Lb, Port: 443, Protocol: TCP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref T }] } }\n"
            + "  T: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { VpcId: !Ref Net, Port: 8443, Protocol: TCP, TargetType: instance, Targets: [{ Id: !Ref App }] } }\n";
        InfraTemplate template = Parse(balancer + Group("G", "{ IpProtocol: tcp, FromPort: 8443, ToPort: 8443, CidrIp: 0.0.0.0/0 }") + Instance("App", "Private", "G"));
        Assert.Equal(Answer.Proved, new ClaimSet().Only("internet", "App", "tcp/8443").Check(template).Verdicts[0].Answer);
        InfraTemplate closed = Parse(balancer + Group("G", "{ IpProtocol: tcp, FromPort: 8443, ToPort: 8443, CidrIp: 10.0.0.0/16 }") + Instance("App", "Private", "G"));
        Assert.Equal(Answer.Proved, Never(closed, "internet", "App", "all").Answer);
    }

    [Fact]
    public void Function_AcceptsNoConnection()
    {
        InfraTemplate template = Parse(Group("G", All) + Instance("A", "Private", "G") + "  F: { Type: AWS::Lambda::Function, Properties: { Runtime: dotnet8, Handler: h, VpcConfig: { SubnetIds: [!Ref Other], SecurityGroupIds: [!Ref G] } } }\n");
        Assert.Equal(Answer.Proved, Never(template, "A", "F", "all").Answer);
        Assert.Equal(Answer.Refuted, Never(template, "F", "A", "tcp/22").Answer);
        // A function never has a public address, so a public subnet gives it no way out.
        Assert.Equal(Answer.Blocked, Reach(template, "F", "internet", "tcp/443").Answer);
    }

    [Fact]
    public void ConditionOnUnknownParameter_RuleStaysOpen()
    {
        const string Conditional = "  Extra: { Type: AWS::EC2::SecurityGroupIngress, Condition: Debug, Properties: { GroupId: !Ref G, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 } }\nConditions: { Debug: !Equals [!Ref Mode, debug] }\nParameters: { Mode: { Type: String } }\n";
        string text = Group("G", "{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }") + Instance("Web", "Public", "G", isPublic: true) + Conditional;
        Verdict open = Never(Parse(text), "internet", "Web", "tcp/22");
        Assert.Equal(Answer.CannotTell, open.Answer);
        Assert.Contains(open.Gaps, gap => gap.Resource == "Extra" && gap.Give.Contains("Mode", StringComparison.Ordinal));
        foreach ((string mode, Answer expected) in ((string, Answer)[])[("debug", Answer.Refuted), ("live", Answer.Proved)])
        {
            TemplateOptions options = new();
            options.Parameters["Mode"] = mode;
            Assert.Equal(expected, Never(Parse(text, options), "internet", "Web", "tcp/22").Answer);
        }
    }

    [Fact]
    public void Database_PubliclyAccessibleNotWritten_StaysOpen()
    {
        InfraTemplate template = Parse("  Places: { Type: AWS::RDS::DBSubnetGroup, Properties: { DBSubnetGroupDescription: d, SubnetIds: [!Ref Public, !Ref Other] } }\n"
            + "  Db: { Type: AWS::RDS::DBInstance, Properties: { Engine: postgres, DBSubnetGroupName: !Ref Places, VPCSecurityGroups: [!Ref G] } }\n" + Group("G", All));
        Verdict verdict = Never(template, "internet", "Db", "all");
        Assert.Equal(Answer.CannotTell, verdict.Answer);
        Assert.Contains(verdict.Gaps, gap => gap.Property == "PubliclyAccessible");
    }

    [Theory]
    [InlineData("  Nat: { Type: AWS::EC2::NatGateway, Properties: { SubnetId: !Ref Public, ConnectivityType: !Ref Mode } }\n", "ConnectivityType")]
    [InlineData("  Ep: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: !Ref Net, ServiceName: com.amazonaws.us-east-1.sqs, VpcEndpointType: !Ref Mode } }\n", "VpcEndpointType")]
    [InlineData("  F: { Type: AWS::Lambda::Function, Properties: { VpcConfig: !If [Debug, !Ref 'AWS::NoValue', { SubnetIds: [!Ref Other], SecurityGroupIds: [!Ref G] }] } }\n", "VpcConfig")]
    [InlineData("  Lb: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: !Ref Mode, Subnets: [!Ref Public, !Ref Other] } }\n", "Type")]
    public void DecisiveProperty_NotKnown_IsNoDefault(string resource, string property)
    {
        InfraTemplate template = Parse(resource + Group("G", All) + Instance("Web", "Private", "G") + "Conditions: { Debug: !Equals [!Ref Mode, debug] }\nParameters: { Mode: { Type: String } }\n");
        Verdict verdict = Never(template, "internet", "Web", "tcp/22");
        Assert.Equal(Answer.CannotTell, verdict.Answer);
        Assert.Contains(verdict.Gaps, gap => gap.Property == property && gap.Give.Contains("Mode", StringComparison.Ordinal));
    }

    private static NetworkInterface Item(InfraTemplate template, string name) => template.Network.Interfaces.Single(item => item.Resource.LogicalId == name);
}
