namespace Pipeline.Jobs;

/// <summary>What the store knows about one job, at one moment.</summary>
public sealed record Job
{
    /// <summary>Gets the job's identity.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets who owns the job. Nobody else sees it.</summary>
    public required string Tenant { get; init; }

    /// <summary>Gets which body runs it.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets what the body is given: JSON text.</summary>
    public required string Payload { get; init; }

    /// <summary>Gets the priority; higher goes first.</summary>
    public int Priority { get; init; }

    /// <summary>Gets the state.</summary>
    public JobState State { get; init; }

    /// <summary>Gets when it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets when the next attempt may start.</summary>
    public DateTimeOffset RunAt { get; init; }

    /// <summary>Gets when a worker first took it; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets when it ended; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Gets the last progress that a worker reported; null before the first.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>Gets what the body stored to go on from; null before the first checkpoint.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Gets how many leases were drawn, in all.</summary>
    public int Leases { get; init; }

    /// <summary>Gets how many leases ran out, because a worker died, hung or was cut off.</summary>
    public int Deaths { get; init; }

    /// <summary>Gets how many attempts ended with an exception of the body.</summary>
    public int Errors { get; init; }

    /// <summary>Gets how many attempts were given back by a worker that had to stop. They count against nothing.</summary>
    public int Interruptions { get; init; }

    /// <summary>Gets how many writes of workers that had lost their lease were refused.</summary>
    public int LateCommits { get; init; }

    /// <summary>Gets the deaths at which the job is failed.</summary>
    public int MaxDeaths { get; init; }

    /// <summary>Gets the errors at which the job is failed.</summary>
    public int MaxErrors { get; init; }

    /// <summary>Gets why it failed, or why the last attempt did; null when nothing went wrong.</summary>
    public JobProblem? Problem { get; init; }

    /// <summary>Gets the result of a done job; null otherwise.</summary>
    public JobResult? Result { get; init; }

    /// <summary>Gets the worker that holds the lease, or held the last one; null before the first.</summary>
    public string? Worker { get; init; }

    /// <summary>Gets when the lease ends unless the worker reports progress; null without a lease.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Gets the job that this one repeats; null for none.</summary>
    public Guid? RetryOf { get; init; }

    /// <summary>Gets the W3C trace context of the caller; null for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Gets a number that rises with every change.</summary>
    public long Version { get; init; }

    /// <summary>Gets a value indicating whether the work after the end of the job, such as billing, has been done.</summary>
    public bool IsSettled { get; init; }
}
