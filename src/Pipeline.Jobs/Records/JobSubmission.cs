namespace Pipeline.Jobs;

/// <summary>A job that a caller wants done.</summary>
public sealed record JobSubmission
{
    /// <summary>Gets who owns the job.</summary>
    /// <value>1 to 64 characters of a-z, 0-9, '-', '_', '.'; not starting with '.'.</value>
    public required string Tenant { get; init; }

    /// <summary>Gets which body runs it.</summary>
    /// <value>1 to 64 characters of a-z, 0-9, '-', '_', '.'; not starting with '.'.</value>
    public required string Kind { get; init; }

    /// <summary>Gets what the body is given.</summary>
    /// <value>JSON text, up to 256 KiB; default <c>{}</c>. Larger inputs belong in the artifact store.</value>
    public string Payload { get; init; } = "{}";

    /// <summary>Gets the key under which a repeated submission is recognized.</summary>
    /// <value>1 to 255 visible ASCII characters; null, the default, never matches. It belongs to the tenant.</value>
    public string? IdempotencyKey { get; init; }

    /// <summary>Gets the priority; higher goes first.</summary>
    /// <value>-100 to 100; default 0.</value>
    public int Priority { get; init; }

    /// <summary>Gets how long the job waits before its first attempt.</summary>
    /// <value>0, the default, to 365 days.</value>
    public TimeSpan Delay { get; init; }

    /// <summary>Gets the deaths at which the job is failed.</summary>
    /// <value>1 to 100; default 3. A death is a lease that ran out: the worker died, hung or was cut off.</value>
    public int MaxDeaths { get; init; } = 3;

    /// <summary>Gets the errors at which the job is failed.</summary>
    /// <value>1 to 1,000; default 5. An error is an exception of the body.</value>
    public int MaxErrors { get; init; } = 5;

    /// <summary>Gets how many unfinished jobs the tenant may have for this one to be accepted.</summary>
    /// <value>1 or more; null, the default, for no limit.</value>
    public int? MaxUnfinished { get; init; }

    /// <summary>Gets the job that this one repeats; null for none.</summary>
    public Guid? RetryOf { get; init; }

    /// <summary>Gets the checkpoint to start from; null for none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Gets a value indicating whether a worker has something to do after the end of the job, whatever the end, such as billing.</summary>
    /// <value>Default false. It is done at least once, by <see cref="IJobBody.SettleAsync"/>.</value>
    public bool NeedsSettlement { get; init; }

    /// <summary>Gets the W3C trace context of the caller; null for none.</summary>
    /// <value>Up to 64 characters.</value>
    public string? TraceParent { get; init; }
}
