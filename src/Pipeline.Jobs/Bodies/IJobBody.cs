namespace Pipeline.Jobs;

/// <summary>What jobs of one kind do. One object serves all jobs of the kind, several at the same time.</summary>
public interface IJobBody
{
    /// <summary>Gets a value indicating whether <see cref="SettleAsync"/> has something to do after the end of a job.</summary>
    bool NeedsSettlement => false;

    /// <summary>Does the work of one attempt, from <see cref="JobContext.Checkpoint"/> on.</summary>
    /// <param name="context">The job, and the ways to report progress, store checkpoints and results.</param>
    /// <param name="cancellationToken">
    /// Stops the attempt: the owner canceled the job, the lease was lost, the worker's time to drain is over, or the attempt took too long. Leave with
    /// <see cref="OperationCanceledException"/>; the worker knows which it was.
    /// </param>
    /// <returns>What the job leaves behind.</returns>
    /// <remarks>
    /// Report progress at least once per third of the lease: a body that reports nothing until its lease runs out counts as dead, and another worker takes over.
    /// An attempt may be repeated from the last checkpoint at any time, so work after it must be repeatable.
    /// </remarks>
    ValueTask<JobResult> RunAsync(JobContext context, CancellationToken cancellationToken);

    /// <summary>Does what is to be done once a job has ended, whatever the end, such as billing what its last checkpoint says was published.</summary>
    /// <param name="job">The ended job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when it is done. It is called again when it fails or its worker dies, so it must be repeatable.</returns>
    /// <remarks>Called only for jobs that were submitted with <see cref="JobSubmission.NeedsSettlement"/>.</remarks>
    ValueTask SettleAsync(Job job, CancellationToken cancellationToken) => default;
}
