namespace Pipeline.Jobs;

/// <summary>Where a job is in its life. A job ends once, in <see cref="Done"/>, <see cref="Failed"/> or <see cref="Canceled"/>.</summary>
public enum JobState
{
    /// <summary>Accepted and waiting for a worker, or for the time of its next attempt.</summary>
    Queued,

    /// <summary>A worker holds its lease.</summary>
    Running,

    /// <summary>A worker holds its lease and has been asked to stop.</summary>
    Canceling,

    /// <summary>Ended with a result.</summary>
    Done,

    /// <summary>Ended without a result; <see cref="Job.Problem"/> says why.</summary>
    Failed,

    /// <summary>Ended because its owner asked for it.</summary>
    Canceled,
}
