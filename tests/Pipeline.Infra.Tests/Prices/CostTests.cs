namespace Pipeline.Infra.Tests;

/// <summary>The arithmetic to the cent, computed from templates, usage and prices.</summary>
public sealed class CostTests
{
    [Theory]
    [InlineData("us-east-1", "4050.00")]
    [InlineData("ap-northeast-2", "5310.00")]
    public void Logs_ByNat_CostWhatTheEndpointSaves(string region, string expected)
    {
        string with = File.ReadAllText(Repository.Template("securewallet"));
        // The same template without its gateway endpoint.
        string without = with.Replace("RouteTableIds: [!Ref AppTableA, !Ref AppTableB]", "RouteTableIds: []", StringComparison.Ordinal);
        Assert.NotEqual(with, without);
        UsageFile logsOnly = UsageFile.Parse("usage.yaml", "schema: pipeline.infra.usage/1\ns3-gb: 90000\n");
        PriceList prices = PriceList.Of(region);
        CostReport before = CostCalculator.Calculate(InfraTemplate.Parse("before.yaml", without), logsOnly, prices);
        CostReport after = CostCalculator.Calculate(InfraTemplate.Parse("after.yaml", with), logsOnly, prices);
        Assert.Equal(decimal.Parse(expected), before.Of("nat-gb"));
        Assert.Equal(0m, after.Of("nat-gb"));
        Assert.Equal(decimal.Parse(expected), before.Total - after.Total);
    }

    [Theory]
    [InlineData("us-east-1", 417)]
    [InlineData("ap-northeast-2", 387)]
    public void Endpoint_InTwoZones_PaysFromSoMuchTraffic(string region, int gigabytes) =>
        Assert.Equal(gigabytes, Math.Round(EndpointBreakEven.GigabytesPerMonth(PriceList.Of(region), zones: 2)!.Value));

    [Theory]
    [InlineData("us-east-1", "43.80")]
    [InlineData("ap-northeast-2", "56.94")]
    public void ThreeEndpoints_InTwoZones_CostPerMonth(string region, string expected)
    {
        string text = string.Concat(new[] { "ssm", "ssmmessages", "ec2messages" }.Select(name =>
            $"  {name}: {{ Type: AWS::EC2::VPCEndpoint, Properties: {{ VpcEndpointType: Interface, VpcId: !Ref Net, ServiceName: com.amazonaws.{region}.{name}, SubnetIds: [!Ref Public, !Ref Other] }} }}\n"));
        CostReport report = CostCalculator.Calculate(Fragment.Parse(text), UsageFile.Parse("u", "schema: pipeline.infra.usage/1\n"), PriceList.Of(region));
        Assert.Equal(decimal.Parse(expected), report.Total);
    }

    [Fact]
    public void BookNook_FirstAgainstSecond_InSeoul()
    {
        ValueComparison comparison = Compare(revenue: 200m);
        Assert.Empty(comparison.First.Unpriced);
        Assert.Empty(comparison.Second.Unpriced);
        Assert.Equal(44.35m, comparison.First.Total);
        Assert.Equal(313.33m, comparison.Second.Total);
        Assert.Equal(7.1m, Math.Round(comparison.Second.Total / comparison.First.Total, 1));
        Assert.Equal(268.98m, comparison.Difference);
        Assert.Equal(1.3449m, comparison.BreakEvenHours);
        // The parts of the sum, each from its own lines.
        Assert.Equal(16.43m, comparison.Second.Of("load-balancer-hour"));
        Assert.Equal(5.84m, comparison.Second.Of("load-balancer-lcu-hour"));
        Assert.Equal(75.92m, comparison.Second.Of("server:t3.medium"));
        Assert.Equal(79.70m, comparison.Second.Of("database:db.t4g.small:double") + comparison.Second.Of("database-disk-gb:double"));
        Assert.Equal(28.03m, comparison.Second.Of("cache:cache.t4g.micro:valkey"));
        Assert.Equal(86.14m, comparison.Second.Of("nat-hour"));
        Assert.Equal(14.60m, comparison.Second.Of("public-address-hour"));
    }

    [Fact]
    public void BookNook_WithOneNat_CostsLess()
    {
        string text = File.ReadAllText(Repository.Template("booknook-v2"));
        string one = System.Text.RegularExpressions.Regex.Replace(text, @"  NatAddressB:\n(    .*\n)+  NatB:\n(    .*\n)+", "").Replace("NatGatewayId: !Ref NatB", "NatGatewayId: !Ref NatA", StringComparison.Ordinal);
        CostReport report = CostCalculator.Calculate(InfraTemplate.Parse("one.yaml", one), UsageFile.Load(Repository.File("deploy/aws/usage/booknook.usage.yaml")), PriceList.Of("ap-northeast-2"));
        // One gateway and its address less: 313.33 - 43.07 - 3.65.
        Assert.Equal(266.61m, report.Total);
    }

    [Fact]
    public void Prices_EveryLine_HasDateAndSource()
    {
        foreach (string region in (string[])["us-east-1", "ap-northeast-2"])
        {
            foreach (Price price in PriceList.Of(region).All)
            {
                Assert.True(DateOnly.TryParseExact(price.Date, "yyyy-MM-dd", out _), price.Item);
                Assert.True(price.Source.Length > 10 && price.Amount > 0, price.Item);
            }
        }
    }

    [Fact]
    public void Prices_Missing_AreNamedAndNotCountedAsNothing()
    {
        InfraTemplate template = Fragment.Parse(Fragment.Group("G", "{ IpProtocol: -1, CidrIp: 0.0.0.0/0 }") + "  Big: { Type: AWS::EC2::Instance, Properties: { InstanceType: x9.huge, ImageId: ami-1, SubnetId: !Ref Private } }\n");
        CostReport report = CostCalculator.Calculate(template, UsageFile.Parse("u", "schema: pipeline.infra.usage/1\n"), PriceList.Of("us-east-1"));
        Assert.Equal("server:x9.huge", Assert.Single(report.Unpriced).Item);
        Assert.Contains("without 1 lines that have no price", report.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_Misspelled_IsRefused()
    {
        TemplateException error = Assert.Throws<TemplateException>(() => UsageFile.Parse("u.yaml", "schema: pipeline.infra.usage/1\nnat-bg: 3\n"));
        Assert.Contains("Did you mean 'nat-gb'?", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.At.Line);
    }

    internal static ValueComparison Compare(decimal revenue)
    {
        UsageFile usage = UsageFile.Load(Repository.File("deploy/aws/usage/booknook.usage.yaml"));
        return ValueComparison.Compare(InfraTemplate.Load([Repository.Template("booknook-v1")]), InfraTemplate.Load([Repository.Template("booknook-v2")]), usage, usage, PriceList.Of("ap-northeast-2"), revenue);
    }
}
