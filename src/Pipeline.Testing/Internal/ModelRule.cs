namespace Pipeline.Testing.Internal;

/// <summary>A rule in words, with its test.</summary>
internal sealed record ModelRule(string Text, Func<bool> Holds, Func<string>? Seen)
{
    public static RunFailure? FirstBroken(List<ModelRule> rules)
    {
        foreach (ModelRule rule in rules)
        {
            if (!rule.Holds()) return new RunFailure(FailureKind.RuleBroken, rule.Seen is null ? $"broken: {rule.Text}" : $"broken: {rule.Text}, but {rule.Seen()}");
        }

        return null;
    }
}
