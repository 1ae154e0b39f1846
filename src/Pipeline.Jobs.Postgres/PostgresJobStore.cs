using Npgsql;

namespace Pipeline.Jobs.Postgres;

/// <summary>Keeps jobs in PostgreSQL. For any number of machines.</summary>
/// <remarks>
/// Thread-safe. Workers never wait for each other's rows (SKIP LOCKED). Time is the server's, so the machines' clocks need not agree. The bound on a tenant's unfinished
/// jobs is looked at, not locked: submissions at the same moment may pass it by a few. What reaches the server is stored even when the caller stops waiting.
/// </remarks>
public sealed class PostgresJobStore : IJobStore, IJobStoreSignal, IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider? _clock;
    private readonly TimeSpan _keyRetention;
    private readonly string _schema;
    private readonly CancellationTokenSource _close = new();
    private Task _listening = Task.CompletedTask; // written once by OpenAsync
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously); // Interlocked only

    private PostgresJobStore(NpgsqlDataSource source, PostgresJobStoreOptions options)
    {
        _source = source;
        _clock = options.TimeProvider;
        _keyRetention = options.IdempotencyRetention;
        _schema = options.Schema;
    }

    /// <inheritdoc/>
    public Task WhenChanged => Volatile.Read(ref _changed).Task;

    /// <summary>Opens a store, and makes its tables when they are missing.</summary>
    /// <param name="source">Where the server is. The caller disposes it, after the store.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The store; dispose it.</returns>
    /// <exception cref="ArgumentException">The schema's name is not allowed.</exception>
    /// <exception cref="JobStoreException">The server cannot be reached, or refuses.</exception>
    public static async Task<PostgresJobStore> OpenAsync(NpgsqlDataSource source, PostgresJobStoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new PostgresJobStoreOptions();
        if (!PostgresSchema.IsName(options.Schema))
            throw new ArgumentException($"The schema '{options.Schema}' is not allowed. Use 1 to 40 characters of a-z, 0-9 and '_', starting with a letter.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.IdempotencyRetention, TimeSpan.FromMinutes(1));
        PostgresJobStore store = new(source, options);
        await store.RunAsync(transaction => transaction.ExecuteAsync(PostgresSchema.Create(options.Schema)), cancellationToken).ConfigureAwait(false);
        store._listening = store.ListenAsync(store._close.Token);
        return store;
    }

    /// <inheritdoc/>
    public ValueTask<SubmitResult> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken)
    {
        JobLimits.Check(submission);
        return RunAsync(transaction => PostgresSubmission.RunAsync(transaction, submission, _keyRetention), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<JobLease?> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Duration, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Duration, TimeSpan.FromHours(12));
        return request.Kinds.Count == 0 ? default : RunAsync(transaction => PostgresLeasing.LeaseAsync(transaction, request), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<HeartbeatAnswer> HeartbeatAsync(JobLease lease, JobProgress? progress, bool extend, CancellationToken cancellationToken) =>
        RunAsync(transaction => PostgresLeasing.HeartbeatAsync(transaction, lease, progress, extend), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CommitOutcome> CheckpointAsync(JobLease lease, string checkpoint, JobProgress? progress, CancellationToken cancellationToken)
    {
        JobLimits.CheckSize(checkpoint, JobLimits.CheckpointBytes, "The checkpoint", "Keep large data in the artifact store and its name in the checkpoint.");
        return RunAsync(transaction => PostgresLeasing.CheckpointAsync(transaction, lease, checkpoint, progress), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<CommitOutcome> EndAsync(JobLease lease, JobEnding ending, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ending);
        if (ending.Result?.Summary is { } summary)
            JobLimits.CheckSize(summary, JobLimits.SummaryBytes, "The summary", "Keep large results in the artifact store.");
        return RunAsync(transaction => PostgresEnding.EndAsync(transaction, lease, ending), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<CancelOutcome> CancelAsync(string tenant, Guid id, CancellationToken cancellationToken) => RunAsync(transaction => PostgresEnding.CancelAsync(transaction, tenant, id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Job?> FindAsync(string tenant, Guid id, CancellationToken cancellationToken) => RunAsync(transaction => PostgresLookup.FindAsync(transaction, tenant, id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return RunAsync(transaction => PostgresLookup.ListAsync(transaction, query), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<JobStats> GetStatsAsync(CancellationToken cancellationToken) => RunAsync(PostgresLookup.StatsAsync, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> RecoverAsync(CancellationToken cancellationToken) => RunAsync(
        async transaction =>
        {
            await transaction.ExecuteAsync("DELETE FROM keys WHERE created < @oldest", ("oldest", transaction.Now - _keyRetention)).ConfigureAwait(false);
            return await PostgresLeasing.RecoverAsync(transaction).ConfigureAwait(false);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> ReportDeathAsync(string worker, string reason, CancellationToken cancellationToken) => RunAsync(transaction => PostgresLeasing.ReportDeathAsync(transaction, worker, reason), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Job>> TakeUnsettledAsync(IReadOnlyCollection<string> kinds, int limit, CancellationToken cancellationToken) => RunAsync<IReadOnlyList<Job>>(
        async transaction => await transaction.AllAsync($"""
            UPDATE history SET settle_at = @now + interval '1 minute' WHERE seq IN
                (SELECT seq FROM history WHERE NOT settled AND settle_at <= @now AND kind = ANY(@kinds) ORDER BY settle_at, seq LIMIT @limit FOR UPDATE SKIP LOCKED)
            RETURNING {PostgresSchema.Columns}
            """, PostgresRow.Read, ("kinds", kinds.ToArray()), ("limit", limit)).ConfigureAwait(false), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask MarkSettledAsync(Guid id, CancellationToken cancellationToken) => await RunAsync(
        transaction => transaction.ExecuteAsync("UPDATE history SET settled = true, version = version + 1 WHERE id = @id AND NOT settled", ("id", id)), cancellationToken).ConfigureAwait(false);

    /// <summary>Stops listening. The data source stays open.</summary>
    /// <returns>A task that ends when the store no longer uses the data source.</returns>
    public async ValueTask DisposeAsync()
    {
        await _close.CancelAsync().ConfigureAwait(false);
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _close.Dispose();
    }

    // A token that is canceled before the call prevents it; after that the outcome is awaited, so that no lease is drawn and forgotten.
    private async ValueTask<T> RunAsync<T>(Func<PostgresTransaction, Task<T>> body, CancellationToken cancellationToken)
    {
        try
        {
            NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(CancellationToken.None).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    DateTimeOffset now = await EnterAsync(connection, transaction).ConfigureAwait(false);
                    T result = await body(new PostgresTransaction(connection, transaction, now)).ConfigureAwait(false);
                    await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                    return result;
                }
            }
        }
        catch (NpgsqlException error)
        {
            throw new JobStoreException($"The job store in PostgreSQL failed: {error.Message} Check the server, then repeat the call.", error);
        }
    }

    private async Task<DateTimeOffset> EnterAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
#pragma warning disable CA2100 // the schema's name was checked
        NpgsqlCommand enter = new($"SELECT clock_timestamp(), set_config('search_path', '{_schema}', true)", connection, transaction);
#pragma warning restore CA2100
        await using (enter.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await enter.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                DateTimeOffset server = reader.GetFieldValue<DateTimeOffset>(0);
                return _clock?.GetUtcNow() ?? server;
            }
        }
    }

    // A notification is lost when the connection is; workers look by themselves as well.
    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    connection.Notification += (_, _) => Signal();
                    NpgsqlCommand listen = new("LISTEN pipeline_jobs", connection);
                    await using (listen.ConfigureAwait(false))
                        await listen.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                    while (true)
                        await connection.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception error) when (error is NpgsqlException or IOException or InvalidOperationException)
            {
                await Task.Delay(s_patience, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Signal() => Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
