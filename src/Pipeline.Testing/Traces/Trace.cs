namespace Pipeline.Testing;

/// <summary>A run, step by step.</summary>
/// <param name="Participants">The names of the participants.</param>
/// <param name="Steps">The steps in the order in which they happened.</param>
/// <param name="Failure">Why the run failed; null when nothing was wrong.</param>
public sealed record Trace(IReadOnlyList<string> Participants, IReadOnlyList<TraceStep> Steps, RunFailure? Failure)
{
    /// <summary>Writes the run with one column for each participant.</summary>
    /// <returns>Lines separated by <c>\n</c>, without a trailing one.</returns>
    public override string ToString() => ColumnText.Write(this);
}
