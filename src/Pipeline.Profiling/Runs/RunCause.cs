namespace Pipeline.Profiling;

/// <summary>What limits a run, in one sentence: the only verdict of these packages, shown by every report of the run.</summary>
/// <remarks>
/// <see cref="RunAnalyzer.CauseOf"/> gives it for any run, also for one that finished nothing. A report writes <see cref="Stage"/> and <see cref="Sentence"/>
/// as they are. Thread-safe.
/// </remarks>
/// <param name="Kind">The kind.</param>
/// <param name="Names">The stages concerned, or <c>source</c>, <c>sink</c>, <c>processors</c>; more than one for a tie.</param>
/// <param name="Sentence">The verdict with what can be done.</param>
public sealed record RunCause(CauseKind Kind, IReadOnlyList<string> Names, string Sentence)
{
    /// <summary>Gets the stage to look at first: the one that limits, else the one with the most work.</summary>
    /// <value>A name among the stages of the run; null when no item was finished.</value>
    public string? Stage { get; init; }

    /// <summary>Gets a value indicating whether several stages limit the run alike.</summary>
    public bool IsTie => Names.Count > 1;
}
