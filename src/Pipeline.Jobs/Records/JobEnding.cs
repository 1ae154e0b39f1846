namespace Pipeline.Jobs;

/// <summary>The end of an attempt, as the worker commits it.</summary>
public sealed record JobEnding
{
    private JobEnding(JobEndingKind kind) => Kind = kind;

    /// <summary>Gets how it ended.</summary>
    public JobEndingKind Kind { get; }

    /// <summary>Gets the result of a done job; null otherwise.</summary>
    public JobResult? Result { get; private init; }

    /// <summary>Gets what went wrong; null unless failed or error.</summary>
    public JobProblem? Problem { get; private init; }

    /// <summary>Gets how long to wait before the next attempt; only for errors.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>The job is done.</summary>
    /// <param name="result">What it leaves.</param>
    /// <returns>The ending.</returns>
    public static JobEnding Done(JobResult result) => new(JobEndingKind.Done) { Result = result };

    /// <summary>The job is failed for good.</summary>
    /// <param name="problem">Why.</param>
    /// <returns>The ending.</returns>
    public static JobEnding Failed(JobProblem problem) => new(JobEndingKind.Failed) { Problem = problem };

    /// <summary>The job stopped because its owner asked for it.</summary>
    /// <returns>The ending.</returns>
    public static JobEnding Canceled() => new(JobEndingKind.Canceled);

    /// <summary>The attempt failed and may be repeated.</summary>
    /// <param name="problem">Why.</param>
    /// <param name="delay">How long to wait, 0 or more.</param>
    /// <returns>The ending.</returns>
    public static JobEnding Error(JobProblem problem, TimeSpan delay) => new(JobEndingKind.Error) { Problem = problem, Delay = delay };

    /// <summary>The worker had to stop.</summary>
    /// <returns>The ending.</returns>
    public static JobEnding Interrupted() => new(JobEndingKind.Interrupted);
}
