namespace Pipeline.Jobs;

/// <summary>What a worker asks for.</summary>
public sealed record LeaseRequest
{
    /// <summary>Gets the name of the asking process, for people. Rights come from the token that is drawn, never from this name.</summary>
    /// <value>1 to 200 characters.</value>
    public required string Worker { get; init; }

    /// <summary>Gets the kinds of jobs the worker can run.</summary>
    public required IReadOnlyCollection<string> Kinds { get; init; }

    /// <summary>Gets how long the lease lasts from every report of progress.</summary>
    /// <value>100 ms to 12 hours.</value>
    public required TimeSpan Duration { get; init; }

    /// <summary>Gets the one job that is wanted; null for the next.</summary>
    public Guid? Job { get; init; }
}
