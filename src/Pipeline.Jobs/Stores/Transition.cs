namespace Pipeline.Jobs;

/// <summary>What the end of an attempt makes of a job. The rule that every store follows, without any storage.</summary>
public sealed record Transition
{
    private Transition(Job job) => (Errors, Interruptions, Problem) = (job.Errors, job.Interruptions, job.Problem);

    /// <summary>Gets the state after the attempt: queued or a final one.</summary>
    public JobState State { get; private init; }

    /// <summary>Gets how long a queued job waits for its next attempt.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>Gets the errors after the attempt.</summary>
    public int Errors { get; private init; }

    /// <summary>Gets the interruptions after the attempt.</summary>
    public int Interruptions { get; private init; }

    /// <summary>Gets what the job says about its failure, or about the failure of its last attempt.</summary>
    public JobProblem? Problem { get; private init; }

    /// <summary>Gets the result; null unless the job is done.</summary>
    public JobResult? Result { get; private init; }

    /// <summary>Applies the rule.</summary>
    /// <param name="job">The job, running or canceling.</param>
    /// <param name="ending">How the attempt ended.</param>
    /// <returns>What becomes of the job.</returns>
    public static Transition Of(Job job, JobEnding ending)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(ending);
        Transition next = new(job);
        bool isCanceling = job.State == JobState.Canceling;
        return ending.Kind switch
        {
            // Work that was finished before the wish to cancel was noticed is not thrown away.
            JobEndingKind.Done => next with { State = JobState.Done, Result = ending.Result ?? JobResult.None, Problem = null },
            JobEndingKind.Failed => next with { State = JobState.Failed, Problem = ending.Problem, Errors = job.Errors + 1 },
            JobEndingKind.Error when isCanceling => next with { State = JobState.Canceled, Errors = job.Errors + 1, Problem = ending.Problem },
            JobEndingKind.Error when job.Errors + 1 >= job.MaxErrors => next with { State = JobState.Failed, Errors = job.Errors + 1, Problem = ending.Problem },
            JobEndingKind.Error => next with { State = JobState.Queued, Errors = job.Errors + 1, Problem = ending.Problem, Delay = ending.Delay },
            _ when isCanceling => next with { State = JobState.Canceled },
            _ => next with { State = JobState.Queued, Interruptions = job.Interruptions + 1 },
        };
    }
}
