using System.Text;

namespace Pipeline.Infra.Tests;

/// <summary>The mistakes that people make: each gives one error that names the line, the rule and the next step.</summary>
public sealed class TemplateMistakeTests
{
    private const string Vpc = "Resources:\n  Net:\n    Type: AWS::EC2::VPC\n    Properties: { CidrBlock: 10.0.0.0/16 }\n";

    public static TheoryData<string, string, int, string> Mistakes => new()
    {
        { "property", Vpc + "  A:\n    Type: AWS::EC2::Subnet\n    Properties:\n      VpcId: !Ref Net\n      CidrBlok: 10.0.0.0/24\n", 9, "Did you mean 'CidrBlock'?" },
        { "rule property", Vpc + "  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: g\n      VpcId: !Ref Net\n      SecurityGroupIngress:\n        - { IpProtocol: tcp, FromPort: 1, ToPort: 2, CidrIP: 0.0.0.0/0 }\n", 11, "Did you mean 'CidrIp'?" },
        { "type", "Resources:\n  Net:\n    Type: AWS::EC2::Vpc\n", 3, "Did you mean 'AWS::EC2::VPC'?" },
        { "section", "Resourcess:\n  Net:\n    Type: AWS::EC2::VPC\n", 1, "Did you mean 'Resources'?" },
        { "tag", "Resources:\n  Net:\n    Type: AWS::EC2::VPC\n    Properties:\n      CidrBlock: !Reff Block\n", 5, "Did you mean '!Ref'?" },
        { "missing resource", Vpc + "  A:\n    Type: AWS::EC2::Subnet\n    Properties:\n      VpcId: !Ref Nett\n      CidrBlock: 10.0.0.0/24\n", 8, "Did you mean 'Net'?" },
        { "missing in Sub", Vpc + "  A:\n    Type: AWS::EC2::Subnet\n    Properties:\n      VpcId: !Sub '${Nett}'\n      CidrBlock: 10.0.0.0/24\n", 8, "Did you mean 'Net'?" },
        { "circle", "Resources:\n  A:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: !Ref B\n  B:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: !Ref A\n", 9, "A -> B -> A" },
        { "duplicate key", "Resources:\n  Net:\n    Type: AWS::EC2::VPC\n  Net:\n    Type: AWS::EC2::VPC\n", 4, "already stands in line 2" },
        { "duplicate key in JSON", "{\n \"Resources\": {\n  \"A\": {\"Type\": \"AWS::SNS::Topic\"},\n  \"A\": {\"Type\": \"AWS::SNS::Topic\"}\n }\n}", 4, "already stands in line 3" },
        { "no resources", "Description: nothing\n", 1, "no section 'Resources'" },
        { "empty", "\n\n", 1, "empty" },
        { "indentation", "Resources:\n  Net:\n    Type: AWS::EC2::VPC\n   Properties: {}\n", 4, "no YAML" },
        { "broken JSON", "{\n \"Resources\": {\n  \"A\": 1,,\n }\n}", 3, "no JSON" },
        { "alias", "Resources:\n  Net: &net\n    Type: AWS::EC2::VPC\n  Other: *net\n", 4, "alias" },
        { "no type", "Resources:\n  Net:\n    Properties: {}\n", 2, "has no 'Type'" },
        { "bad block", "Resources:\n  Net:\n    Type: AWS::EC2::VPC\n    Properties:\n      CidrBlock: 10.0.0.0/33\n", 5, "no block of addresses" },
        { "subnet outside", Vpc + "  A:\n    Type: AWS::EC2::Subnet\n    Properties:\n      VpcId: !Ref Net\n      CidrBlock: 10.1.0.0/24\n", 9, "not inside a block" },
        { "ports turned", Vpc + "  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: g\n      VpcId: !Ref Net\n      SecurityGroupIngress:\n        - { IpProtocol: tcp, FromPort: 90, ToPort: 80, CidrIp: 0.0.0.0/0 }\n", 11, "the smaller one first" },
        { "protocol", Vpc + "  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: g\n      VpcId: !Ref Net\n      SecurityGroupIngress:\n        - { IpProtocol: tpc, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0 }\n", 11, "'tpc'" },
        { "condition", "Resources:\n  Net:\n    Type: AWS::EC2::VPC\n    Condition: Big\n", 4, "not declared" },
        { "condition circle", "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\nResources:\n  T:\n    Type: AWS::SNS::Topic\n    Condition: A\n", 2, "depends on itself" },
        { "missing value", "Resources:\n  Net:\n    Type: AWS::EC2::VPC\n    Properties:\n      CidrBlock:\n", 5, "a value is missing" },
        { "resource key", "Resources:\n  Net:\n    Type: AWS::EC2::VPC\n    Propertys: {}\n", 4, "Did you mean 'Properties'?" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Parse_Mistake_NamesLineAndNextStep(string what, string text, int line, string part)
    {
        TemplateException error = Assert.Throws<TemplateException>(() => InfraTemplate.Parse("t.yaml", text));
        Assert.True(error.At.Line == line, $"{what}: line {error.At.Line} instead of {line}: {error.Message}");
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"t.yaml:{line}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TenMegabytes_NamesLineWhereLimitIsPassed()
    {
        StringBuilder text = new("Resources:\n");
        while (text.Length < 10_000_000)
            text.Append("# a comment of one hundred characters, which says nothing at all and is here to make the file long.\n");
        TemplateException error = Assert.Throws<TemplateException>(() => InfraTemplate.Parse("t.yaml", text.ToString()));
        Assert.Contains("1,000,000", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.At.Line, 9_900, 10_100);
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Parse_DeepNesting_IsRefused(char open, char close)
    {
        string text = open == '['
            ? "Resources:\n  A: " + new string(open, 50_000) + new string(close, 50_000)
            : string.Concat(Enumerable.Repeat("{\"a\":", 900)) + "1" + new string(close, 900);
        TemplateException error = Assert.Throws<TemplateException>(() => InfraTemplate.Parse("t", text));
        Assert.Contains("nested deeper", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_LongChainOfReferences_NeedsNoDeepStack()
    {
        StringBuilder text = new("Resources:\n");
        for (int i = 0; i < 3000; i++)
            text.Append($"  R{i}:\n    Type: AWS::SNS::Topic\n    DependsOn: R{i + 1}\n");
        text.Append("  R3000:\n    Type: AWS::SNS::Topic\n");
        Assert.Empty(InfraTemplate.Parse("t.yaml", text.ToString()).GlobalGaps);
    }

    [Fact]
    public void Load_UnknownParameter_SuggestsTheRightOne()
    {
        TemplateOptions options = new();
        options.Parameters["Blok"] = "10.0.0.0/16";
        TemplateException error = Assert.Throws<TemplateException>(() => InfraTemplate.Parse("t.yaml", "Parameters:\n  Block: { Type: String }\nResources:\n  T: { Type: AWS::SNS::Topic }\n", options));
        Assert.Contains("Did you mean 'Block'?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ from: internet, to: wep, never: all }", "Did you mean 'web'?")]
    [InlineData("{ from: internet, to: web, nevr: all }", "Did you mean 'never'?")]
    [InlineData("{ from: internet, to: web, never: tcp/99999 }", "names no ports")]
    [InlineData("{ from: internet, to: web, reach: tcp/443, via: nat }", "is no way")]
    [InlineData("{ from: internet, to: web }", "one of only, never, reach")]
    public void Parse_MistakenClaim_IsRefused(string claim, string part)
    {
        string text = $"schema: pipeline.infra.claims/1\ntiers:\n  web: {{ resource: Web }}\nclaims:\n  - {claim}\n";
        TemplateException error = Assert.Throws<TemplateException>(() => ClaimSet.Parse("c.yaml", text));
        Assert.Equal(5, error.At.Line);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_TierWithoutMembers_IsNoSilentProof()
    {
        InfraTemplate template = InfraTemplate.Parse("t.yaml", Vpc);
        ClaimSet claims = new ClaimSet().Tier("web", tier => tier.Tags["tier"] = "web").Never("internet", "web", "all");
        TemplateException error = Assert.Throws<TemplateException>(() => claims.Check(template));
        Assert.Contains("matches no resource", error.Message, StringComparison.Ordinal);
    }
}
