namespace Pipeline.Infra.Tests;

/// <summary>Every rule of every shipped template changed once. PIPELINE_INFRA_MUTATE=all runs all templates; by default one is changed.</summary>
public sealed class MutationTests
{
    public static TheoryData<string> Templates => Environment.GetEnvironmentVariable("PIPELINE_INFRA_MUTATE") == "all" ? ["securewallet", "booknook-v1", "booknook-v2", "pipeline-jobs"] : ["booknook-v1", "booknook-v2"];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Mutate_EveryRule_BreaksEveryClaimAtLeastOnce(string name)
    {
        InfraTemplate template = InfraTemplate.Load([Repository.Template(name)]);
        ClaimSet claims = ClaimSet.Load(Repository.Claims(name));
        ClaimReport report = claims.Check(template);
        report.EnsureProved();
        ClaimMutator.AddTo(template, claims, report);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {report.Mutations!.Outcomes.Count} changes, {report.Mutations.Outcomes.Count(outcome => outcome.Broken.Count > 0)} break a claim");
        Assert.Empty(report.Mutations!.Vacuous);
    }

    [Fact]
    public void Mutate_OpeningSshOnSecureWallet_IsAlwaysNamed()
    {
        InfraTemplate template = InfraTemplate.Load([Repository.Template("securewallet")]);
        ClaimSet ssh = new ClaimSet().NeverByEachLayer("any", "any", "tcp/22");
        int opened = 0;
        foreach (Mutation mutation in MutationList.Of(template.Network).Where(mutation => mutation.Kind is "widen" or "allow" or "drop"))
        {
            NetworkModel copy = template.BuildCopy();
            mutation.Apply(copy);
            Verdict verdict = new ClaimChecker(copy, ssh).Check(ssh.Claims[0]);
            if (verdict.Answer == Answer.Proved)
                continue;
            opened++;
            Assert.Equal(Answer.Refuted, verdict.Answer);
            Assert.Contains("port 22", verdict.Packet, StringComparison.Ordinal);
            // The step that lets the packet through stands in the place of what was changed, unless the change was to remove a denial.
            if (mutation.Kind == "widen")
                Assert.Contains(verdict.Steps, step => step.At == mutation.At);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{opened} changes open port 22 in a layer, and each is refuted with a packet");
        Assert.True(opened >= 5, $"{opened}");
    }
}
