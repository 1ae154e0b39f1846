using Pipeline.Infra;

namespace Pipeline.Snippets;

internal static class InfraSnippets
{
    public static void Claim()
    {
        // <snippet infra-claims>
        InfraTemplate template = InfraTemplate.Load(["network.yaml"]);
        new ClaimSet()
            .Tier("data", tier => tier.Types.Add("AWS::RDS::DBInstance"))
            .Never("internet", "data", "all")
            .NeverByEachLayer("any", "any", "tcp/22")
            .Check(template)
            .EnsureProved(); // throws with the packet and its way, or with every rule that stops a connection
        // </snippet>
    }
}
