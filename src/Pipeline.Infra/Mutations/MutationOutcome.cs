namespace Pipeline.Infra;

/// <summary>What one change of one rule does to the claims.</summary>
/// <param name="Kind">The kind of change.</param>
/// <param name="Subject">What was changed.</param>
/// <param name="At">The place of what was changed.</param>
/// <param name="Broken">The claims that no longer hold, by their place and sentence.</param>
public sealed record MutationOutcome(string Kind, string Subject, Location At, IReadOnlyList<string> Broken);
