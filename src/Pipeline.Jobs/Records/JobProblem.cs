namespace Pipeline.Jobs;

/// <summary>Why a job failed, or why its last attempt did.</summary>
/// <param name="Type">A short name that programs can compare: <see cref="WorkerDied"/>, <see cref="BodyFailed"/>, <see cref="TimedOut"/> or one of the body's own.</param>
/// <param name="Title">One sentence that holds for every problem of this type.</param>
/// <param name="Detail">What happened this time; up to 4,000 characters.</param>
public sealed record JobProblem(string Type, string Title, string Detail)
{
    /// <summary>The type of a problem whose worker died, or stopped reporting progress, as often as the job allows.</summary>
    public const string WorkerDied = "worker-died";

    /// <summary>The type of a problem whose body threw an exception.</summary>
    public const string BodyFailed = "body-failed";

    /// <summary>The type of a problem whose body ran longer than the worker allows.</summary>
    public const string TimedOut = "timed-out";
}
