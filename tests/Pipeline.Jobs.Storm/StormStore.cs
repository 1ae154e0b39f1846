using Microsoft.Data.Sqlite;

namespace Pipeline.Jobs.Storm;

/// <summary>Notes which commits the store took; with the mutation it takes those that the real store refuses, as a store without fencing would.</summary>
internal sealed class StormStore(SqliteJobStore inner, StormLog log, Mutation mutation) : IJobStore, IJobStoreSignal
{
    public Task WhenChanged => inner.WhenChanged;

    public ValueTask<SubmitResult> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken) => inner.SubmitAsync(submission, cancellationToken);

    public ValueTask<JobLease?> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken) => inner.LeaseAsync(request, cancellationToken);

    public async ValueTask<HeartbeatAnswer> HeartbeatAsync(JobLease lease, JobProgress? progress, bool extend, CancellationToken cancellationToken)
    {
        HeartbeatAnswer answer = await inner.HeartbeatAsync(lease, progress, extend, cancellationToken);
        return mutation == Mutation.NoFencing && answer == HeartbeatAnswer.Lost ? HeartbeatAnswer.Held : answer;
    }

    public async ValueTask<CommitOutcome> CheckpointAsync(JobLease lease, string checkpoint, JobProgress? progress, CancellationToken cancellationToken)
    {
        CommitOutcome outcome = await inner.CheckpointAsync(lease, checkpoint, progress, cancellationToken);
        return mutation == Mutation.NoFencing ? CommitOutcome.Committed : outcome;
    }

    public async ValueTask<CommitOutcome> EndAsync(JobLease lease, JobEnding ending, CancellationToken cancellationToken)
    {
        CommitOutcome outcome = await inner.EndAsync(lease, ending, cancellationToken);
        if (outcome == CommitOutcome.Refused && mutation == Mutation.NoFencing && ending.Kind == JobEndingKind.Done)
        {
            Overwrite(lease, ending);
            outcome = CommitOutcome.Committed;
        }

        if (ending.Kind == JobEndingKind.Done || outcome == CommitOutcome.Refused)
            log.Write(outcome == CommitOutcome.Committed ? "committed" : "refused", lease.Job.Id, lease.Token.ToString("N"));
        return outcome;
    }

    public ValueTask<CancelOutcome> CancelAsync(string tenant, Guid id, CancellationToken cancellationToken) => inner.CancelAsync(tenant, id, cancellationToken);

    public ValueTask<Job?> FindAsync(string tenant, Guid id, CancellationToken cancellationToken) => inner.FindAsync(tenant, id, cancellationToken);

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public ValueTask<JobStats> GetStatsAsync(CancellationToken cancellationToken) => inner.GetStatsAsync(cancellationToken);

    public ValueTask<int> RecoverAsync(CancellationToken cancellationToken) => inner.RecoverAsync(cancellationToken);

    public ValueTask<int> ReportDeathAsync(string worker, string reason, CancellationToken cancellationToken) => inner.ReportDeathAsync(worker, reason, cancellationToken);

    public ValueTask<IReadOnlyList<Job>> TakeUnsettledAsync(IReadOnlyCollection<string> kinds, int limit, CancellationToken cancellationToken) => inner.TakeUnsettledAsync(kinds, limit, cancellationToken);

    public ValueTask MarkSettledAsync(Guid id, CancellationToken cancellationToken) => inner.MarkSettledAsync(id, cancellationToken);

    private void Overwrite(JobLease lease, JobEnding ending)
    {
        using SqliteConnection connection = new($"Data Source={inner.FilePath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout = 5000; UPDATE history SET result_artifact = $artifact WHERE id = $id";
        command.Parameters.AddWithValue("$artifact", ending.Result!.Artifact);
        command.Parameters.AddWithValue("$id", lease.Job.Id.ToByteArray(bigEndian: true));
        command.ExecuteNonQuery();
    }
}
