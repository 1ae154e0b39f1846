namespace Pipeline.Jobs;

/// <summary>How an attempt ended.</summary>
public enum JobEndingKind
{
    /// <summary>With a result: the job is done.</summary>
    Done,

    /// <summary>With an error that no repetition mends: the job is failed.</summary>
    Failed,

    /// <summary>By the wish of the job's owner: the job is canceled.</summary>
    Canceled,

    /// <summary>With an error: the job is tried again after a while, or failed when it had as many errors as it may have.</summary>
    Error,

    /// <summary>Because the worker had to stop: the job goes back to the head of its queue and nothing is counted against it.</summary>
    Interrupted,
}
