namespace Pipeline.Testing;

/// <summary>Puts into words that a program does not repeat itself, so that nothing can be said about its schedules.</summary>
internal static class Nondeterminism
{
    private const string Advice = "Something besides the schedule decides what it does: time, randomness, a collection without order, "
        + "or state that outlives a run. Create all state inside the function that builds the program";

    public static RunFailure Diverged(int step) => new(
        FailureKind.Nondeterministic,
        $"the program does not repeat itself: the same choices led to another point before step {step}. {Advice}");

    /// <summary>Compares two runs under one schedule; null when they are the same.</summary>
    public static RunFailure? Compare(Trace first, Trace second)
    {
        for (int i = 0; i < Math.Max(first.Steps.Count, second.Steps.Count); i++)
        {
            (string one, string other) = (Describe(first, i), Describe(second, i));
            if (one != other)
                return Differs($"step {i} was '{one}' in the first run and '{other}' in the second");
        }

        return first.Failure?.Message == second.Failure?.Message ? null : Differs($"the first ended with "
            + $"'{first.Failure?.Message ?? "nothing wrong"}', the second with '{second.Failure?.Message ?? "nothing wrong"}'");
    }

    public static RunFailure PassedAgain(RunFailure first) => new(
        FailureKind.Nondeterministic,
        $"the program does not repeat itself: it failed ({first.Message}), and the same schedule passed when it was run again. {Advice}")
    {
        Exception = first.Exception,
    };

    private static RunFailure Differs(string how) =>
        new(FailureKind.Nondeterministic, $"the program does not repeat itself: of two runs under one schedule, {how}. {Advice}");

    private static string Describe(Trace trace, int step) => step >= trace.Steps.Count
        ? "nothing"
        : $"{trace.Participants[trace.Steps[step].Participant]}: {trace.Steps[step].Text}";
}
