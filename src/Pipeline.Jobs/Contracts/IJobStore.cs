namespace Pipeline.Jobs;

/// <summary>The truth about jobs. Every method is one transaction, and what it returns is durable.</summary>
/// <remarks>
/// Thread-safe. A write of a worker names the token of its lease and changes the job only while that token is the job's; so a worker that was stopped
/// and comes back changes nothing. A job ends in exactly one transition. Any process that leases also recovers leases that ran out: there is no leader.
/// A store that cannot be reached, or whose disk is full, throws <see cref="JobStoreException"/>, and the call may or may not have taken effect:
/// repeat submissions with the same idempotency key; commits are safe to repeat.
/// </remarks>
public interface IJobStore
{
    /// <summary>Stores a job, once per idempotency key.</summary>
    /// <param name="submission">The job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What was done. <see cref="SubmitOutcome.Accepted"/> is a promise: the job will end, and its end will be visible.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<SubmitResult> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken);

    /// <summary>Takes the next job, by priority, then by turns of the tenants, then by age. Leases that ran out are recovered first.</summary>
    /// <param name="request">What the worker wants.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The lease; null when no job is ready.</returns>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<JobLease?> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>Reports progress and asks whether to go on.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="progress">The progress; null keeps the last one.</param>
    /// <param name="extend">Whether the lease starts anew: true only when the body got on.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether the lease is still held.</returns>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<HeartbeatAnswer> HeartbeatAsync(JobLease lease, JobProgress? progress, bool extend, CancellationToken cancellationToken);

    /// <summary>Stores where the body can go on from, and extends the lease.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="checkpoint">The checkpoint; it replaces the last one.</param>
    /// <param name="progress">The progress; null keeps the last one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether it was stored.</returns>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<CommitOutcome> CheckpointAsync(JobLease lease, string checkpoint, JobProgress? progress, CancellationToken cancellationToken);

    /// <summary>Ends an attempt, and with it the lease.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="ending">How it ended.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether it was stored. A repeated commit of the lease that ended the job says <see cref="CommitOutcome.Committed"/> again.</returns>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<CommitOutcome> EndAsync(JobLease lease, JobEnding ending, CancellationToken cancellationToken);

    /// <summary>Asks for the end of a job.</summary>
    /// <param name="tenant">Whose job.</param>
    /// <param name="id">Which.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What the wish did.</returns>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<CancelOutcome> CancelAsync(string tenant, Guid id, CancellationToken cancellationToken);

    /// <summary>Looks up a job.</summary>
    /// <param name="tenant">Whose job.</param>
    /// <param name="id">Which.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The job; null when the tenant has none with this identity.</returns>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<Job?> FindAsync(string tenant, Guid id, CancellationToken cancellationToken);

    /// <summary>Lists jobs of a tenant, newest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>One page.</returns>
    /// <exception cref="ArgumentException">The place to go on from is not one that a page gave, or the limit is out of its range.</exception>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken);

    /// <summary>Counts what waits and what runs.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The load.</returns>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<JobStats> GetStatsAsync(CancellationToken cancellationToken);

    /// <summary>Recovers leases that ran out: each is a death of its job, which is queued again or ended. Called by every process, as often as it likes.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many leases were recovered.</returns>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<int> RecoverAsync(CancellationToken cancellationToken);

    /// <summary>Recovers all leases of a process that is known to be dead, without waiting for them to run out. For the parent of the process.</summary>
    /// <param name="worker">The name that the process leased under.</param>
    /// <param name="reason">How it died, for example <c>SIGKILL</c>; shown when the job fails.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many leases were recovered.</returns>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<int> ReportDeathAsync(string worker, string reason, CancellationToken cancellationToken);

    /// <summary>Gives ended jobs whose settlement is still to do, oldest first, and keeps them from other callers for a while.</summary>
    /// <param name="kinds">The kinds that the caller can settle.</param>
    /// <param name="limit">How many at most, 1 to 100.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The jobs. A job that is not marked within a minute is given again.</returns>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask<IReadOnlyList<Job>> TakeUnsettledAsync(IReadOnlyCollection<string> kinds, int limit, CancellationToken cancellationToken);

    /// <summary>Notes that the settlement of an ended job is done.</summary>
    /// <param name="id">Which job.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when the note is durable.</returns>
    /// <exception cref="JobStoreException">The store failed.</exception>
    ValueTask MarkSettledAsync(Guid id, CancellationToken cancellationToken);
}
