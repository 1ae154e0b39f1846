using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Pipeline.Jobs;

/// <summary>Keeps jobs in one SQLite file: write-ahead log, full synchronization, many writes in one commit. For one machine, any number of processes.</summary>
/// <remarks>
/// Thread-safe. The file must be on a local file system. Writes of this process share commits, so many callers at once cost little more than one;
/// reads never wait for writers.
/// </remarks>
public sealed class SqliteJobStore : IJobStore, IJobStoreSignal, IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _clock;
    private readonly TimeSpan _keyRetention;
    private readonly SqliteWriter _writer;
    private readonly SqliteReader _reader;
    private readonly Timer _timer;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously); // Interlocked only
    private long _seen; // the timer alone
    private int _isLooking; // Interlocked only

    /// <summary>Opens a store, or creates it.</summary>
    /// <param name="path">The database file; its folder is created when missing.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    /// <exception cref="JobStoreException">The file cannot be opened or is not a job store of this version.</exception>
    public SqliteJobStore(string path, SqliteJobStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new SqliteJobStoreOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.IdempotencyRetention, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BusyTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.BusyTimeout, TimeSpan.FromMinutes(10));
        _clock = options.TimeProvider;
        _keyRetention = options.IdempotencyRetention;
        FilePath = Path.GetFullPath(path);
        SqliteSession? session = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            session = new SqliteSession(FilePath, options.BusyTimeout, readOnly: false);
            SqliteSchema.Prepare(session, FilePath);
        }
        catch (SqliteException error)
        {
            session?.Dispose();
            throw SqliteFailure.Translate(FilePath, error);
        }
        catch
        {
            session?.Dispose();
            throw;
        }

        _reader = new SqliteReader(FilePath, options.BusyTimeout);
        _writer = new SqliteWriter(FilePath, options.BusyTimeout, session, Signal);
        _timer = new Timer(_ => Look(), null, s_look, s_look);
    }

    /// <summary>Gets the database file.</summary>
    public string FilePath { get; }

    /// <inheritdoc/>
    public Task WhenChanged => Volatile.Read(ref _changed).Task;

    /// <inheritdoc/>
    public ValueTask<SubmitResult> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken)
    {
        JobLimits.Check(submission);
        return _writer.RunAsync(session => SqliteSubmission.Run(session, submission, Now(), _keyRetention), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<JobLease?> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Duration, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Duration, TimeSpan.FromHours(12));
        return request.Kinds.Count == 0 ? default : _writer.RunAsync(session => SqliteLeasing.Lease(session, request, Now()), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<HeartbeatAnswer> HeartbeatAsync(JobLease lease, JobProgress? progress, bool extend, CancellationToken cancellationToken) =>
        _writer.RunAsync(session => SqliteLeasing.Heartbeat(session, lease, progress, extend, Now()), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CommitOutcome> CheckpointAsync(JobLease lease, string checkpoint, JobProgress? progress, CancellationToken cancellationToken)
    {
        JobLimits.CheckSize(checkpoint, JobLimits.CheckpointBytes, "The checkpoint", "Keep large data in the artifact store and its name in the checkpoint.");
        return _writer.RunAsync(session => SqliteLeasing.Checkpoint(session, lease, checkpoint, progress, Now()), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<CommitOutcome> EndAsync(JobLease lease, JobEnding ending, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ending);
        if (ending.Result?.Summary is { } summary)
            JobLimits.CheckSize(summary, JobLimits.SummaryBytes, "The summary", "Keep large results in the artifact store.");
        return _writer.RunAsync(session => SqliteEnding.End(session, lease, ending, Now()), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<CancelOutcome> CancelAsync(string tenant, Guid id, CancellationToken cancellationToken) =>
        _writer.RunAsync(session => SqliteEnding.Cancel(session, tenant, id, Now()), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Job?> FindAsync(string tenant, Guid id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<Job?>(_reader.Run(session => SqliteLookup.Find(session, tenant, id)));
    }

    /// <inheritdoc/>
    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<JobPage>(_reader.Run(session => SqliteLookup.List(session, query)));
    }

    /// <inheritdoc/>
    public ValueTask<JobStats> GetStatsAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<JobStats>(_reader.Run(session => SqliteLookup.Stats(session, Now())));
    }

    /// <inheritdoc/>
    public ValueTask<int> RecoverAsync(CancellationToken cancellationToken) => _writer.RunAsync(
        session =>
        {
            session.Execute("DELETE FROM keys WHERE (tenant, key) IN (SELECT tenant, key FROM keys WHERE created < $oldest LIMIT 1000)", ("$oldest", (Now() - _keyRetention).UtcTicks));
            return SqliteLeasing.Recover(session, Now());
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> ReportDeathAsync(string worker, string reason, CancellationToken cancellationToken) =>
        _writer.RunAsync(session => SqliteLeasing.ReportDeath(session, worker, reason, Now()), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Job>> TakeUnsettledAsync(IReadOnlyCollection<string> kinds, int limit, CancellationToken cancellationToken) => _writer.RunAsync<IReadOnlyList<Job>>(
        session =>
        {
            DateTimeOffset now = Now();
            List<Job> jobs = session.All($"SELECT {SqliteRow.Columns} FROM history WHERE settled = 0 AND settle_at <= $now AND kind IN ({SqliteKinds.List(kinds.Count)}) ORDER BY settle_at, seq LIMIT $limit",
                SqliteRow.Read, [("$now", now.UtcTicks), ("$limit", (long)limit), .. SqliteKinds.Values(kinds)]);
            foreach (Job job in jobs)
                session.Execute("UPDATE history SET settle_at = $later WHERE id = $id", ("$later", now.AddMinutes(1).UtcTicks), ("$id", SqliteRow.Bytes(job.Id)));
            return jobs;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask MarkSettledAsync(Guid id, CancellationToken cancellationToken) => await _writer.RunAsync(
        session => session.Execute("UPDATE history SET settled = 1, version = version + 1 WHERE id = $id AND settled = 0", ("$id", SqliteRow.Bytes(id))), cancellationToken).ConfigureAwait(false);

    /// <summary>Finishes the writes that are under way and closes the file.</summary>
    /// <returns>A task that ends when the file is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _reader.Dispose();
    }

    private DateTimeOffset Now() => _clock.GetUtcNow();

    private void Signal() => Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    // SQLite has no message between processes, but one number says cheaply whether anybody wrote since the last look.
    private void Look()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) == 1)
            return;
        try
        {
            long version = _reader.Run(session => session.Number("SELECT coalesce(max(seq), 0) FROM sqlite_sequence")) ?? 0;
            if (version != _seen)
            {
                _seen = version;
                Signal();
            }
        }
        catch (Exception)
        {
            // A timer has no caller to throw to, and an exception here would end the process. The next call of the store says what is wrong.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }
}
