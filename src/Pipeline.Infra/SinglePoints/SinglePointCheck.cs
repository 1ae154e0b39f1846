namespace Pipeline.Infra;

/// <summary>Decides the claim that nothing stands alone but what is named.</summary>
internal static class SinglePointCheck
{
    internal static Verdict Check(NetworkModel model, ClaimSet claims, SinglePointsClaim claim)
    {
        SinglePointReport report = SinglePointAnalysis.Analyze(model, claims, []);
        Component[] alone = [.. report.Alone.Where(component => !claim.Allow.Contains(component.Kind) && !claim.Allow.Contains(component.Name))];
        foreach (string name in claim.Allow)
        {
            if (!report.Components.Any(component => component.Kind == name || component.Name == name))
                throw new TemplateException(claim.At, $"the claim allows '{name}', which is no part of the user's path.{Spelling.Suggest(name, report.Components.Select(c => c.Kind))}");
        }

        if (alone.Length == 0)
        {
            return new Verdict { Claim = claim.Sentence, At = claim.At, Answer = Answer.Proved, Summary = $"{report.Components.Count} parts of the user's path, each taken away in turn; another one takes over." };
        }

        return new Verdict
        {
            Claim = claim.Sentence,
            At = claim.At,
            Answer = Answer.Refuted,
            Summary = $"{alone.Length} parts stand alone: {string.Join(", ", alone.Select(component => component.Name))}.",
            Steps = [.. alone.Select(component => new VerdictStep("SINGLE_POINT", false, $"{component.Name} [{component.Kind}] {component.Alone}; users see: {component.UsersSee}", component.At))],
        };
    }
}
