namespace Pipeline.Jobs;

/// <summary>Thrown by a body whose job cannot succeed, however often it is tried: the job fails at once with this problem.</summary>
/// <param name="problem">What the job's owner is told.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class JobFailedException(JobProblem problem, Exception? innerException = null) : Exception(problem.Detail, innerException)
{
    /// <summary>Gets what the job's owner is told.</summary>
    public JobProblem Problem { get; } = problem;
}
