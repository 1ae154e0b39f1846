namespace Pipeline.Testing;

/// <summary>Why a run failed.</summary>
/// <param name="Kind">The kind of failure.</param>
/// <param name="Message">What happened, in one line or, for a deadlock, in the lines of the wait-for report.</param>
public sealed record RunFailure(FailureKind Kind, string Message)
{
    /// <summary>Gets the exception of the participant that failed.</summary>
    /// <value>Null unless a participant ended by an exception, or a rule threw one.</value>
    public Exception? Exception { get; init; }
}
