namespace Pipeline.Infra.Tests;

/// <summary>What stands alone in BookNook's first version, what in its second, and that removing any doubling shows.</summary>
public sealed class SinglePointTests
{
    [Theory]
    [InlineData("Address", "address")]
    [InlineData("Record", "record")]
    [InlineData("Server", "instance")]
    [InlineData("zone of Server", "zone")]
    [InlineData("nginx on Server", "web-server")]
    [InlineData("gunicorn on Server", "application")]
    [InlineData("postgresql on Server", "database")]
    [InlineData("sessions on Server", "session-store")]
    [InlineData("uploads on Server", "upload-disk")]
    [InlineData("the person with the key", "person")]
    public void First_EachPart_StandsAloneWithRoleAndWhatUsersSee(string name, string kind)
    {
        Component component = Analyze("booknook-v1").Alone.Single(c => c.Name == name);
        Assert.Equal(kind, component.Kind);
        Assert.True(component.Role.Length > 10 && component.UsersSee.Length > 10 && component.ComesBack.Length > 10);
    }

    [Fact]
    public void First_LossOfZone_TakesMachineAndAllOnIt()
    {
        Component zone = Analyze("booknook-v1").Alone.Single(c => c.Kind == "zone");
        Assert.Equal(["Address", "Record", "Server", "gunicorn on Server", "nginx on Server", "postgresql on Server", "sessions on Server", "uploads on Server"], zone.Breaks.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("booknook-v2")]
    [InlineData("securewallet")]
    [InlineData("pipeline-jobs")]
    public void Second_NothingStandsAloneButNameServiceAndRegion(string name) =>
        Assert.Equal(["dns", "region"], Analyze(name).Alone.Select(component => component.Kind));

    [Theory]
    [InlineData("MultiAZ: true", "MultiAZ: false", "database")]
    [InlineData("MultiAZEnabled: true", "MultiAZEnabled: false", "session-store")]
    [InlineData("NumCacheClusters: 2", "NumCacheClusters: 1", "session-store")]
    [InlineData("AutomaticFailoverEnabled: true", "AutomaticFailoverEnabled: false", "session-store")]
    [InlineData("MinSize: \"2\"", "MinSize: \"1\"", "servers")]
    [InlineData("NatGatewayId: !Ref NatB", "NatGatewayId: !Ref NatA", "way-out")]
    [InlineData("Subnets: [!Ref PublicSubnetA, !Ref PublicSubnetB]", "Subnets: [!Ref PublicSubnetA]", "load-balancer")]
    [InlineData("VPCZoneIdentifier: [!Ref AppSubnetA, !Ref AppSubnetB]", "VPCZoneIdentifier: [!Ref AppSubnetA]", "servers")]
    public void Second_DoublingRemoved_ThePartAppears(string shipped, string changed, string kind)
    {
        string text = File.ReadAllText(Repository.Template("booknook-v2"));
        Assert.Contains(shipped, text, StringComparison.Ordinal);
        SinglePointReport report = SinglePointAnalysis.Analyze(InfraTemplate.Parse("v2.yaml", text.Replace(shipped, changed, StringComparison.Ordinal)));
        Assert.Contains(report.Alone, component => component.Kind == kind);
    }

    [Fact]
    public void Compare_TwoVersions_OneLinePerPart()
    {
        string table = Analyze("booknook-v1").CompareWith(Analyze("booknook-v2"));
        Assert.Contains("ALONE: postgresql on Server", table, StringComparison.Ordinal);
        Assert.Contains("doubled: a second copy in another zone takes over", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BackupRetentionPeriod: 14", "BackupRetentionPeriod: 0", "NO_BACKUP")]
    [InlineData("    DeletionPolicy: Snapshot\n", "", "NO_DELETION_POLICY")]
    [InlineData("HealthCheckType: ELB", "HealthCheckType: EC2", "HEALTH_CHECK_TYPE_EC2")]
    [InlineData("ManageMasterUserPassword: true", "MasterUserPassword: hunter2hunter2", "SECRET_IN_TEMPLATE")]
    [InlineData("HealthCheckPath: /ready\n      ", "", "HEALTH_CHECK_PATH_DEFAULT")]
    [InlineData("MetadataOptions: { HttpTokens: required }", "UserData: { 'Fn::Base64': \"export DB_PASSWORD=hunter2\" }", "SECRET_IN_USER_DATA")]
    public void Findings_EachMistake_IsFound(string shipped, string changed, string code)
    {
        string text = File.ReadAllText(Repository.Template("booknook-v2"));
        Assert.Contains(shipped, text, StringComparison.Ordinal);
        Assert.DoesNotContain(SinglePointAnalysis.Analyze(InfraTemplate.Parse("v2.yaml", text)).Findings, finding => finding.Code == code);
        SinglePointReport report = SinglePointAnalysis.Analyze(InfraTemplate.Parse("v2.yaml", text.Replace(shipped, changed, StringComparison.Ordinal)));
        Assert.Contains(report.Findings, finding => finding.Code == code);
    }

    private static SinglePointReport Analyze(string name) => SinglePointAnalysis.Analyze(InfraTemplate.Load([Repository.Template(name)]));
}
