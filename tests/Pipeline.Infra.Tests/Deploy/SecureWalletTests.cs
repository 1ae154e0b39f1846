namespace Pipeline.Infra.Tests;

/// <summary>The claims of SecureWallet hold, and each way to break them is noticed.</summary>
public sealed class SecureWalletTests
{
    private static readonly string s_text = File.ReadAllText(Repository.Template("securewallet"));
    private static readonly ClaimSet s_claims = ClaimSet.Load(Repository.Claims("securewallet"));

    [Fact]
    public void Check_AsShipped_EveryClaimIsProved() => Check(s_text).EnsureProved();

    [Fact]
    public void Check_SshNever_SaysHowFarEachLayerGoes()
    {
        Verdict ssh = Check(s_text).Verdicts.Single(v => v.Claim.Contains("tcp/22", StringComparison.Ordinal));
        Assert.Equal(Answer.Proved, ssh.Answer);
        Assert.Contains("By security groups alone everywhere", ssh.Summary, StringComparison.Ordinal);
        Assert.Contains("by network ACLs alone between subnets", ssh.Summary, StringComparison.Ordinal);
        Assert.Contains(ssh.Notes, note => note.StartsWith("inside a subnet: groups only", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_OneNatRemoved_LossOfZoneIsRefutedWithPacket()
    {
        ClaimReport report = Check(Replace(s_text, "NatGatewayId: !Ref NatB", "NatGatewayId: !Ref NatA"));
        Verdict survive = report.Verdicts.Single(v => v.Claim.StartsWith("the loss of any zone", StringComparison.Ordinal));
        Assert.Equal(Answer.Refuted, survive.Answer);
        Assert.Contains("zone 0 of the region lost", survive.Summary, StringComparison.Ordinal);
        Assert.Contains("10.20.20.", survive.Packet, StringComparison.Ordinal);
        Assert.Contains(survive.Steps, step => step.Text.Contains("NAT gateway NatA", StringComparison.Ordinal));
        Assert.Equal(1, report.ExitCode);
    }

    [Theory]
    [InlineData("MultiAZ: true", "MultiAZ: false", "MultiAZ is not true")]
    [InlineData("MinSize: \"2\"\n      MaxSize: \"8\"", "MinSize: \"1\"\n      MaxSize: \"8\"", "may run as one")]
    public void Check_RedundancyRemoved_SinglePointAppears(string shipped, string changed, string why)
    {
        ClaimReport report = Check(Replace(s_text, shipped, changed));
        Verdict points = report.Verdicts.Single(v => v.Claim.StartsWith("nothing stands alone", StringComparison.Ordinal));
        Assert.Equal(Answer.Refuted, points.Answer);
        Assert.Contains(points.Steps, step => step.Text.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_EphemeralRuleForgotten_IsBlockedAtTheAnswer()
    {
        ClaimReport report = Check(Replace(s_text, "RuleNumber: 100, RuleAction: allow, Protocol: 6, PortRange: { From: 1024, To: 65535 }, CidrBlock: 10.20.16.0/21", "RuleNumber: 100, RuleAction: allow, Protocol: 6, PortRange: { From: 1024, To: 50000 }, CidrBlock: 10.20.16.0/21"));
        Verdict blocked = report.Verdicts.Single(v => v.Answer == Answer.Blocked && v.Claim.StartsWith("app reaches data", StringComparison.Ordinal));
        VerdictStep step = Assert.Single(blocked.Steps);
        Assert.Equal("SUBNET_ACL_RESTRICTION", step.Code);
        Assert.True(step.IsReply);
        Assert.Contains("final rule * denies", step.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_EndpointPolicyOpen_IsRefuted()
    {
        ClaimReport report = Check(Replace(s_text, "Resource: !Sub ${LogBucket.Arn}/*\n          - Effect", "Resource: \"*\"\n          - Effect"));
        Assert.Contains(report.Verdicts, v => v.Answer == Answer.Refuted && v.Claim.Contains("buckets LogBucket", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_PrivateDnsOff_EndpointIsNotUsed()
    {
        ClaimReport report = Check(s_text.Replace("PrivateDnsEnabled: true", "PrivateDnsEnabled: false", StringComparison.Ordinal));
        Verdict ssm = report.Verdicts.Single(v => v.Claim.Contains("reach ssm", StringComparison.Ordinal));
        Assert.Equal(Answer.Blocked, ssm.Answer);
        Assert.Contains(ssm.Steps, step => step.Code == "PRIVATE_DNS_OFF");
    }

    [Fact]
    public void Trace_FromInternet_PassesEveryStationInOrder()
    {
        InfraTemplate template = InfraTemplate.Parse("t.yaml", s_text);
        Verdict trace = PacketTracer.Trace(template, "internet", "app", 443, s_claims, "securewallet.example");
        Assert.Equal(Answer.Proved, trace.Answer);
        Assert.Contains("over 4 connections", trace.Summary, StringComparison.Ordinal);
        string[] stations =
        [
            "record Record", "internet sends tcp", "has a public address", "internet gateway InternetGateway", "route table PublicTable", "ingress rule 100 allows tcp/443",
            "group EdgeGroup", "listener HttpsListener", "opens a connection of its own", "egress rule allows tcp/8080 to group WebGroup", "egress rule 110 allows", "local route",
            "ingress rule 100 allows tcp/8080-8082", "group WebGroup", "WebServers receives it in subnet AppSubnetA", "egress rule allows tcp/8081 to group InnerGroup", "listener InnerListener",
            "ingress rule allows tcp/8082 from group InnerGroup", "AppServers receives it in subnet AppSubnetA", "answers tcp 10.20.16.4 port 8082", "stateful", "answers tcp 10.20.16.4 port 8080",
            "egress rule 110", "ingress rule 120 allows tcp/1024-65535", "answers tcp 10.20.0.4 port 443", "stateful", "egress rule 110 allows tcp/1024-65535",
        ];
        int at = 0;
        foreach (string station in stations)
        {
            int found = Enumerable.Range(at, trace.Steps.Count - at).FirstOrDefault(i => trace.Steps[i].Text.Contains(station, StringComparison.Ordinal), -1);
            Assert.True(found >= at, $"'{station}' does not come after step {at}:\n{string.Join('\n', trace.Steps.Select(step => step.Text))}");
            at = found;
        }
    }

    [Fact]
    public void Json_Report_IsWellFormed()
    {
        using MemoryStream stream = new();
        Check(s_text).WriteJson(stream);
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(stream.ToArray());
        Assert.Equal("pipeline.infra.report/1", json.RootElement.GetProperty("schema").GetString());
        Assert.Equal(s_claims.Claims.Count, json.RootElement.GetProperty("verdicts").GetArrayLength());
    }

    private static ClaimReport Check(string text) => s_claims.Check(InfraTemplate.Parse("securewallet.yaml", text));

    // A change that finds nothing to change would test nothing.
    private static string Replace(string text, string old, string changed)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, changed, StringComparison.Ordinal);
    }
}
