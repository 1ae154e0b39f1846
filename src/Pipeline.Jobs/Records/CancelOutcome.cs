namespace Pipeline.Jobs;

/// <summary>What a wish to cancel did.</summary>
public enum CancelOutcome
{
    /// <summary>The job had not started; it is canceled.</summary>
    Canceled,

    /// <summary>A worker has it; it is told with its next report.</summary>
    Canceling,

    /// <summary>The job had ended before; nothing changed.</summary>
    AlreadyEnded,

    /// <summary>The tenant has no such job.</summary>
    NotFound,
}
