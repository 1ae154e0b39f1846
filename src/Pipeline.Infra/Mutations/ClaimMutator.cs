namespace Pipeline.Infra;

/// <summary>Changes every rule of a template once and looks which claims notice.</summary>
public static class ClaimMutator
{
    /// <summary>Checks the claims after every single change and adds the outcome to a report.</summary>
    /// <param name="template">The template.</param>
    /// <param name="claims">The claims.</param>
    /// <param name="report">Receives the outcome.</param>
    /// <param name="cancellationToken">Stops between two changes.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static void AddTo(InfraTemplate template, ClaimSet claims, ClaimReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(report);
        List<MutationOutcome> outcomes = new();
        HashSet<string> unbroken = new(StringComparer.Ordinal);
        // A claim about what stands alone reads the resources, not the rules.
        Claim[] checkedClaims = [.. claims.Claims.Where((claim, i) => claim is not SinglePointsClaim && report.Verdicts[i].Answer == Answer.Proved)];
        foreach (Claim claim in checkedClaims)
            unbroken.Add(NameOf(claim));
        foreach (Mutation mutation in MutationList.Of(template.Network))
        {
            cancellationToken.ThrowIfCancellationRequested();
            NetworkModel copy = template.BuildCopy();
            mutation.Apply(copy);
            ClaimChecker checker = new(copy, claims);
            List<string> broken = new();
            foreach (Claim claim in checkedClaims)
            {
                if (checker.Check(claim).Answer == Answer.Proved)
                    continue;
                broken.Add(NameOf(claim));
                unbroken.Remove(NameOf(claim));
            }

            outcomes.Add(new MutationOutcome(mutation.Kind, mutation.Subject, mutation.At, broken));
        }

        report.Mutations = new MutationReport { Outcomes = outcomes, Vacuous = [.. unbroken.Order(StringComparer.Ordinal)] };
    }

    private static string NameOf(Claim claim) => $"{claim.Sentence} ({claim.At})";
}
