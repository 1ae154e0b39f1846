namespace Pipeline.Jobs.Tests;

/// <summary>A store that tells of heartbeats and can be cut off.</summary>
public sealed class ProbeStore(IJobStore inner) : IJobStore, IJobStoreSignal
{
    private readonly SemaphoreSlim _heartbeats = new(0);
    private volatile bool _isCutOff;

    public bool IsCutOff
    {
        get => _isCutOff;
        set => _isCutOff = value;
    }

    public Task WhenChanged => ((IJobStoreSignal)inner).WhenChanged;

    /// <summary>Waits for a heartbeat; false when none came in a tenth of a second, so that the test can move the clock again.</summary>
    public Task<bool> SeesHeartbeatAsync() => _heartbeats.WaitAsync(TimeSpan.FromMilliseconds(100));

    public ValueTask<SubmitResult> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken) => Open().SubmitAsync(submission, cancellationToken);

    public ValueTask<JobLease?> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken) => Open().LeaseAsync(request, cancellationToken);

    public async ValueTask<HeartbeatAnswer> HeartbeatAsync(JobLease lease, JobProgress? progress, bool extend, CancellationToken cancellationToken)
    {
        try
        {
            return await Open().HeartbeatAsync(lease, progress, extend, cancellationToken);
        }
        finally
        {
            _heartbeats.Release();
        }
    }

    public ValueTask<CommitOutcome> CheckpointAsync(JobLease lease, string checkpoint, JobProgress? progress, CancellationToken cancellationToken) => Open().CheckpointAsync(lease, checkpoint, progress, cancellationToken);

    public ValueTask<CommitOutcome> EndAsync(JobLease lease, JobEnding ending, CancellationToken cancellationToken) => Open().EndAsync(lease, ending, cancellationToken);

    public ValueTask<CancelOutcome> CancelAsync(string tenant, Guid id, CancellationToken cancellationToken) => Open().CancelAsync(tenant, id, cancellationToken);

    public ValueTask<Job?> FindAsync(string tenant, Guid id, CancellationToken cancellationToken) => Open().FindAsync(tenant, id, cancellationToken);

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken) => Open().ListAsync(query, cancellationToken);

    public ValueTask<JobStats> GetStatsAsync(CancellationToken cancellationToken) => Open().GetStatsAsync(cancellationToken);

    public ValueTask<int> RecoverAsync(CancellationToken cancellationToken) => Open().RecoverAsync(cancellationToken);

    public ValueTask<int> ReportDeathAsync(string worker, string reason, CancellationToken cancellationToken) => Open().ReportDeathAsync(worker, reason, cancellationToken);

    public ValueTask<IReadOnlyList<Job>> TakeUnsettledAsync(IReadOnlyCollection<string> kinds, int limit, CancellationToken cancellationToken) => Open().TakeUnsettledAsync(kinds, limit, cancellationToken);

    public ValueTask MarkSettledAsync(Guid id, CancellationToken cancellationToken) => Open().MarkSettledAsync(id, cancellationToken);

    private IJobStore Open() => IsCutOff ? throw new JobStoreException("The store is cut off by the test.", null) : inner;
}
