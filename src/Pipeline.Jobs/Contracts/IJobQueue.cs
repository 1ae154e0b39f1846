namespace Pipeline.Jobs;

/// <summary>How workers hear of jobs. A queue may deliver late, twice or out of order: the truth is the row in the <see cref="IJobStore"/>.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IJobQueue
{
    /// <summary>Tells the queue that a job is stored. Telling it twice is harmless.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when the queue knows.</returns>
    ValueTask SendAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Waits for a job and takes it.</summary>
    /// <param name="request">What the worker wants.</param>
    /// <param name="wait">How long to wait at most, 0 or more.</param>
    /// <param name="cancellationToken">Stops waiting. A lease that was drawn already is given, not lost.</param>
    /// <returns>The lease; null when none came in time.</returns>
    ValueTask<JobLease?> LeaseAsync(LeaseRequest request, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Keeps the queue from delivering the job to others for the duration of the lease from now. Called after the store extended the lease.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when the queue knows.</returns>
    ValueTask ExtendAsync(JobLease lease, CancellationToken cancellationToken);

    /// <summary>Tells the queue that the lease has ended. Called after the store has committed the ending.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="next">How long until the job is to be delivered again; null for never.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when the queue knows.</returns>
    ValueTask SettleAsync(JobLease lease, TimeSpan? next, CancellationToken cancellationToken);
}
