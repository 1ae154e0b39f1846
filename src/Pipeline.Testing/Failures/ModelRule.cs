namespace Pipeline.Testing;

/// <summary>A rule in words, with its test.</summary>
internal sealed record ModelRule(string Text, Func<bool> Holds, Func<string>? Seen)
{
    public static RunFailure? FirstBroken(List<ModelRule> rules)
    {
        foreach (ModelRule rule in rules)
        {
            if (rule.Judge() is { } failure)
                return failure;
        }

        return null;
    }

    private RunFailure? Judge()
    {
        try
        {
            if (Holds())
                return null;
            return new RunFailure(FailureKind.RuleBroken, Seen is null ? $"broken: {Text}" : $"broken: {Text}, but {Seen()}");
        }
        catch (Exception error)
        {
            // A rule often asks the code under test, which may fail in the state that the schedule has led to.
            return new RunFailure(
                FailureKind.RuleBroken, $"broken: {Text}; asking threw {error.GetType().Name}: {error.Message}")
            { Exception = error };
        }
    }
}
