using static Pipeline.Infra.Tests.Fragment;

namespace Pipeline.Infra.Tests;

/// <summary>What other analyzers got wrong in public; each test is named after the report and expects what the documentation of AWS says.</summary>
public sealed class PublicReportTests
{
    private const string All = "{ IpProtocol: -1, CidrIp: 0.0.0.0/0 }";
    private const string Ssh = "{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }";

    [Fact]
    public void Batfish954_FinalDeny_IsNoFinding()
    {
        InfraTemplate template = Parse(Acl("Guard", "Public") + Entry("In", "Guard", 100, false, "allow", "-1", "", "0.0.0.0/0"));
        Assert.Empty(template.Findings);
    }

    [Fact]
    public void Batfish5231_Acl_AppliesToInternetNatAndLocalTraffic()
    {
        InfraTemplate template = Parse(Group("G", All) + Instance("Web", "Public", "G", isPublic: true) + Instance("App", "Private", "G")
            + Acl("Guard", "Public") + Entry("In", "Guard", 100, false, "allow", "6", "From: 443, To: 443", "0.0.0.0/0") + Entry("Out", "Guard", 100, true, "allow", "-1", "", "0.0.0.0/0"));
        Assert.Equal(Answer.Proved, Never(template, "internet", "Web", "tcp/80").Answer);
        Assert.Equal(Answer.Proved, Never(template, "App", "Web", "tcp/80").Answer);
        Assert.Equal(Answer.Refuted, Never(template, "internet", "Web", "tcp/443").Answer);
    }

    [Fact]
    public void Batfish9545_RouteToInterface_IsRefusedByName()
    {
        InfraTemplate template = Parse(Group("G", All) + Instance("NatInstance", "Public", "G", isPublic: true) + Instance("App", "Private", "G")
            + "  Inner: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Net } }\n  Out: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Inner, DestinationCidrBlock: 0.0.0.0/0, InstanceId: !Ref NatInstance } }\n"
            + "  InnerOf: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref Private, RouteTableId: !Ref Inner } }\n");
        Verdict verdict = Never(template, "App", "internet", "tcp/443");
        Assert.Equal(Answer.CannotTell, verdict.Answer);
        Assert.Contains(verdict.Gaps, gap => gap.Resource == "Out" && gap.Property == "InstanceId");
    }

    [Fact]
    public void Cartography31_OpenGroupWithoutPublicAddress_IsNotExposed()
    {
        InfraTemplate template = Parse(Group("G", All) + Instance("NoAddress", "Public", "G") + Instance("NoRoute", "Private", "G", isPublic: true) + Instance("Both", "Public", "G", isPublic: true));
        Assert.Equal(Answer.Proved, Never(template, "internet", "NoAddress", "all").Answer);
        Assert.Equal(Answer.Proved, Never(template, "internet", "NoRoute", "all").Answer);
        Assert.Equal(Answer.Refuted, Never(template, "internet", "Both", "all").Answer);
    }

    [Theory]
    [InlineData("{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }", "tcp/443", Answer.Refuted)]
    [InlineData("{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8 }", "tcp/443", Answer.Proved)]
    [InlineData("{ IpProtocol: -1, CidrIp: 0.0.0.0/0 }", "tcp/80", Answer.Proved)]
    public void Cartography99_LoadBalancer_ListenersAndGroupsBothDecide(string rule, string port, Answer expected)
    {
        InfraTemplate template = Parse(Group("G", rule) + Balancer("instance", "!Ref Web") + Instance("Web", "Public", "G"));
        Assert.Equal(expected, Never(template, "internet", "Lb", port).Answer);
    }

    [Fact]
    public void Cartography2105And1060_ServiceTargets_AreSeen()
    {
        string service = "  Tasks: { Type: AWS::ECS::Service, Properties: { TaskDefinition: t, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [!Ref Private], SecurityGroups: [!Ref G] } }, LoadBalancers: [{ ContainerName: c, ContainerPort: 8080, TargetGroupArn: !Ref Targets }] } }\n";
        InfraTemplate template = Parse(Group("G", All) + Balancer("ip", null) + service);
        Verdict trace = PacketTracer.Trace(template, "internet", "Tasks", 443);
        Assert.Equal(Answer.Proved, trace.Answer);
        Assert.Contains(trace.Steps, step => step.Text.Contains("port 8080", StringComparison.Ordinal));
    }

    [Fact]
    public void Cartography408_EgressRules_AreRead()
    {
        InfraTemplate closed = Parse(Group("G", All, "{ IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }") + Instance("A", "Public", "G") + Instance("B", "Private", "G"));
        Assert.Equal(Answer.Proved, Never(closed, "A", "B", "tcp/22").Answer);
        Assert.Equal(Answer.Proved, Reach(closed, "A", "B", "tcp/443").Answer);
    }

    [Fact]
    public void Cloudmapper175And561_PublicDatabase_AddressAndRulesAreSeparateFacts()
    {
        const string Subnets = "  Places: { Type: AWS::RDS::DBSubnetGroup, Properties: { DBSubnetGroupDescription: d, SubnetIds: [!Ref Public, !Ref Other] } }\n";
        const string Db = "  Db: { Type: AWS::RDS::DBInstance, Properties: { Engine: postgres, PubliclyAccessible: true, DBSubnetGroupName: !Ref Places, VPCSecurityGroups: [!Ref G] } }\n";
        Assert.Equal(Answer.Proved, Never(Parse(Group("G", "{ IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/16 }") + Subnets + Db), "internet", "Db", "all").Answer);
        Assert.Equal(Answer.Refuted, Never(Parse(Group("G", "{ IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0 }") + Subnets + Db), "internet", "Db", "all").Answer);
        Assert.Equal(Answer.Proved, Never(Parse(Group("G", All) + Subnets + Db.Replace("true", "false", StringComparison.Ordinal)), "internet", "Db", "all").Answer);
    }

    [Fact]
    public void Prowler964_Gre_OpensNoPort()
    {
        InfraTemplate template = Parse(Group("G", "{ IpProtocol: '47', CidrIp: 0.0.0.0/0 }") + Instance("Web", "Public", "G", isPublic: true));
        Assert.Equal(Answer.Proved, Never(template, "internet", "Web", "tcp", "udp").Answer);
        Assert.Equal(Answer.Refuted, Never(template, "internet", "Web", "47").Answer);
    }

    [Fact]
    public void Prowler2442And5172_TwoPorts_AreNotAllPorts()
    {
        InfraTemplate template = Parse(Group("G", "{ IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0 }, { IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }") + Instance("Web", "Public", "G", isPublic: true));
        Verdict only = new ClaimSet().Only("internet", "Web", "tcp/80", "tcp/443").Check(template).Verdicts[0];
        Assert.Equal(Answer.Proved, only.Answer);
        Assert.Equal(Answer.Proved, Never(template, "internet", "Web", "tcp/81-442").Answer);
    }

    [Fact]
    public void Prowler4936_EgressRule_IsNoIngress()
    {
        InfraTemplate template = Parse("  G: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: g, VpcId: !Ref Net, SecurityGroupEgress: [" + Ssh + "] } }\n" + Instance("Web", "Public", "G", isPublic: true));
        Assert.Equal(Answer.Proved, Never(template, "internet", "Web", "all").Answer);
        Assert.Equal(Answer.Refuted, Never(template, "Web", "internet", "tcp/22").Answer);
    }

    [Theory]
    [InlineData("{ IpProtocol: tcp, FromPort: 0, ToPort: 1024, CidrIp: 0.0.0.0/0 }")]
    [InlineData("{ IpProtocol: -1, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }")]
    [InlineData("{ IpProtocol: tcp, FromPort: -1, ToPort: -1, CidrIp: 0.0.0.0/0 }")]
    [InlineData("{ IpProtocol: tcp, CidrIp: 0.0.0.0/0 }")]
    [InlineData("{ IpProtocol: '6', FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }")]
    public void Prowler180_RangesAndAllTraffic_IncludePort22(string rule)
    {
        InfraTemplate template = Parse(Group("G", rule) + Instance("Web", "Public", "G", isPublic: true));
        Assert.Equal(Answer.Refuted, Never(template, "internet", "Web", "tcp/22").Answer);
    }

    [Fact]
    public void Steampipe799And800_PrefixList_IsAPeerAndNeverNothing()
    {
        const string Own = "  List: { Type: AWS::EC2::PrefixList, Properties: { AddressFamily: IPv4, MaxEntries: 2, PrefixListName: l, Entries: [{ Cidr: 203.0.113.0/24 }] } }\n";
        InfraTemplate own = Parse(Own + Group("G", "{ IpProtocol: tcp, FromPort: 22, ToPort: 22, SourcePrefixListId: !Ref List }") + Instance("Web", "Public", "G", isPublic: true));
        Verdict refuted = Never(own, "internet", "Web", "tcp/22");
        Assert.Equal(Answer.Refuted, refuted.Answer);
        Assert.Contains("203.0.113.", refuted.Packet, StringComparison.Ordinal);
        InfraTemplate foreign = Parse(Group("G", "{ IpProtocol: tcp, FromPort: 22, ToPort: 22, SourcePrefixListId: pl-12345 }") + Instance("Web", "Public", "G", isPublic: true));
        Verdict open = Never(foreign, "internet", "Web", "tcp/22");
        Assert.Equal(Answer.CannotTell, open.Answer);
        Assert.Contains(open.Gaps, gap => gap.Reason.Contains("pl-12345", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(90, Answer.Proved)]
    [InlineData(110, Answer.Refuted)]
    public void Mql8527_AclOrder_FirstMatchByNumberDecides(int denyNumber, Answer expected)
    {
        InfraTemplate template = Parse(Group("G", All) + Instance("Web", "Public", "G", isPublic: true) + Acl("Guard", "Public")
            + Entry("Allow", "Guard", 100, false, "allow", "-1", "", "0.0.0.0/0") + Entry("Deny", "Guard", denyNumber, false, "deny", "6", "From: 22, To: 22", "0.0.0.0/0") + Entry("Out", "Guard", 100, true, "allow", "-1", "", "0.0.0.0/0"));
        Assert.Equal(expected, Never(template, "internet", "Web", "tcp/22").Answer);
    }

    [Fact]
    public void Cdk987And998_DefaultEgress_StaysUntilOneRuleIsWrittenAnywhere()
    {
        const string Target = "{ IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIp: 10.0.0.0/16 }";
        Assert.Equal(Answer.Refuted, Never(Parse(Group("G", Target) + Instance("A", "Public", "G") + Instance("B", "Private", "G")), "A", "B", "tcp/22").Answer);
        const string Separate = "  One: { Type: AWS::EC2::SecurityGroupEgress, Properties: { GroupId: !Ref G, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 } }\n";
        Assert.Equal(Answer.Proved, Never(Parse(Group("G", Target) + Separate + Instance("A", "Public", "G") + Instance("B", "Private", "G")), "A", "B", "tcp/22").Answer);
    }

    [Theory]
    [InlineData("0.0.0.0/0", Answer.Proved)]
    [InlineData("10.0.0.0/16", Answer.Blocked)]
    public void Moj1199_GatewayEndpoint_NeedsTheServicesAddressesInTheAcl(string outBlock, Answer expected)
    {
        const string Endpoint = "  S3: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: !Ref Net, ServiceName: com.amazonaws.us-east-1.s3, RouteTableIds: [!Ref Inner] } }\n  Inner: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Net } }\n"
            + "  InnerOf: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref Private, RouteTableId: !Ref Inner } }\n";
        InfraTemplate template = Parse(Group("G", All) + Instance("App", "Private", "G") + Endpoint + Acl("Guard", "Private")
            + Entry("In", "Guard", 100, false, "allow", "6", "From: 1024, To: 65535", "0.0.0.0/0") + Entry("Out", "Guard", 100, true, "allow", "6", "From: 443, To: 443", outBlock));
        Assert.Equal(expected, Reach(template, "App", "s3", "tcp/443").Answer);
    }

    private static string Balancer(string targetType, string? target) =>
        "  Lb: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Scheme: internet-facing, Subnets: [!Ref Public, !Ref Other], SecurityGroups: [!Ref G] } }\n"
        + "  Https: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Lb, Port: 443, Protocol: HTTPS, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }] } }\n"
        + $"  Targets: {{ Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {{ VpcId: !Ref Net, Port: 8080, Protocol: HTTP, TargetType: {targetType}{(target is null ? "" : $", Targets: [{{ Id: {target} }}]")} }} }}\n";
}
