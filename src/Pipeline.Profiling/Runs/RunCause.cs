namespace Pipeline.Profiling;

/// <summary>What limits a run.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Names">The stages concerned, or <c>source</c>, <c>sink</c>, <c>processors</c>; more than one for a tie.</param>
/// <param name="Sentence">The verdict with what can be done.</param>
public sealed record RunCause(CauseKind Kind, IReadOnlyList<string> Names, string Sentence)
{
    /// <summary>Gets a value indicating whether several stages limit the run alike.</summary>
    public bool IsTie => Names.Count > 1;
}
