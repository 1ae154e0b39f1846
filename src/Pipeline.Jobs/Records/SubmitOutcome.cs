namespace Pipeline.Jobs;

/// <summary>What a store did with a submission.</summary>
public enum SubmitOutcome
{
    /// <summary>The job is new and durable.</summary>
    Accepted,

    /// <summary>The idempotency key belongs to an equal submission; its job is given.</summary>
    Replayed,

    /// <summary>The idempotency key belongs to a submission with another kind or payload; nothing was stored.</summary>
    KeyReused,

    /// <summary>The tenant has as many unfinished jobs as it may have; nothing was stored.</summary>
    QuotaExceeded,
}
