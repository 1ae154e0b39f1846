using Npgsql;

namespace Pipeline.Jobs.Postgres;

/// <summary>Draws, extends and recovers leases.</summary>
internal static class PostgresLeasing
{
    private const string Progress = """
        progress_total = CASE WHEN @done IS NULL THEN progress_total ELSE @total END, progress_text = CASE WHEN @done IS NULL THEN progress_text ELSE @text END,
        progress_done = coalesce(@done, progress_done)
        """;

    public static async Task<JobLease?> LeaseAsync(PostgresTransaction transaction, LeaseRequest request)
    {
        await RecoverAsync(transaction).ConfigureAwait(false);
        await transaction.ExecuteAsync("UPDATE jobs SET waiting = false WHERE seq IN (SELECT seq FROM jobs WHERE state = 0 AND waiting AND run_at <= @now FOR UPDATE SKIP LOCKED)").ConfigureAwait(false);
        Guid token = Guid.NewGuid(); // drawn at random for this lease
        string wanted = request.Job is null ? string.Empty : "AND id = @job";
        Job? job = await transaction.FirstAsync($"""
            UPDATE jobs SET state = 1, token = @token, last_token = NULL, worker = @worker, lease_until = @now + @duration, lease_time = @duration, leases = leases + 1,
                started = coalesce(started, @now), version = version + 1
            WHERE seq = (SELECT seq FROM jobs WHERE state = 0 AND NOT waiting AND kind = ANY(@kinds) {wanted} ORDER BY priority DESC, turn, seq FOR UPDATE SKIP LOCKED LIMIT 1)
            RETURNING {PostgresSchema.Columns}
            """, PostgresRow.Read, ("token", token), ("worker", request.Worker), ("duration", request.Duration), ("kinds", request.Kinds.ToArray()), ("job", request.Job)).ConfigureAwait(false);
        return job is null ? null : new JobLease(job, token, request.Duration);
    }

    public static async Task<HeartbeatAnswer> HeartbeatAsync(PostgresTransaction transaction, JobLease lease, JobProgress? progress, bool extend)
    {
        object? state = await transaction.ScalarAsync($"""
            UPDATE jobs SET lease_until = CASE WHEN @extend THEN @now + lease_time ELSE lease_until END, version = version + CASE WHEN @done IS NULL THEN 0 ELSE 1 END, {Progress}
            WHERE id = @id AND token = @token RETURNING state
            """, [("extend", extend), ("id", lease.Job.Id), ("token", lease.Token), .. Values(progress)]).ConfigureAwait(false);
        return state is not int number ? HeartbeatAnswer.Lost : number == (int)JobState.Canceling ? HeartbeatAnswer.CancelRequested : HeartbeatAnswer.Held;
    }

    public static async Task<CommitOutcome> CheckpointAsync(PostgresTransaction transaction, JobLease lease, string checkpoint, JobProgress? progress)
    {
        int changed = await transaction.ExecuteAsync($"UPDATE jobs SET checkpoint = @checkpoint, lease_until = @now + lease_time, version = version + 1, {Progress} WHERE id = @id AND token = @token",
            [("checkpoint", checkpoint), ("id", lease.Job.Id), ("token", lease.Token), .. Values(progress)]).ConfigureAwait(false);
        return changed > 0 ? CommitOutcome.Committed : await PostgresEnding.CountLateAsync(transaction, lease).ConfigureAwait(false);
    }

    public static Task<int> RecoverAsync(PostgresTransaction transaction) =>
        BuryAsync(transaction, "lease_until <= @now ORDER BY lease_until LIMIT 100", null, "it reported no progress until its lease ran out");

    public static Task<int> ReportDeathAsync(PostgresTransaction transaction, string worker, string reason) => BuryAsync(transaction, "worker = @worker", worker, reason);

    private static async Task<int> BuryAsync(PostgresTransaction transaction, string which, string? worker, string reason)
    {
        List<Dead> dead = await transaction.AllAsync($"SELECT id, state, deaths + 1, max_deaths, progress_text, worker FROM jobs WHERE token IS NOT NULL AND {which} FOR UPDATE SKIP LOCKED", Dead.Read, ("worker", worker)).ConfigureAwait(false);
        foreach (Dead job in dead)
        {
            JobState next = job.State == JobState.Canceling ? JobState.Canceled : job.Deaths >= job.MaxDeaths ? JobState.Failed : JobState.Queued;
            await transaction.ExecuteAsync("""
                UPDATE jobs SET state = @state, waiting = false, deaths = @deaths, token = NULL, last_token = NULL, lease_until = NULL, version = version + 1,
                    problem_type = @type, problem_title = @title, problem_detail = @detail WHERE id = @id
                """, ("state", (int)next), ("deaths", job.Deaths), ("type", JobProblem.WorkerDied), ("title", DeathText.Title(job.Deaths)),
                ("detail", DeathText.Detail(job.Worker, reason, job.LastProgress)), ("id", job.Id)).ConfigureAwait(false);
            if (next.IsFinal())
                await PostgresEnding.MoveToHistoryAsync(transaction, job.Id).ConfigureAwait(false);
        }

        return dead.Count;
    }

    private static (string, object?)[] Values(JobProgress? progress) =>
        [("done", progress?.Done), ("total", progress?.Total), ("text", JobLimits.Cut(progress?.Text, JobLimits.ProgressCharacters))];

    private sealed record Dead(Guid Id, JobState State, int Deaths, int MaxDeaths, string? LastProgress, string? Worker)
    {
        public static Dead Read(NpgsqlDataReader row) => new(row.GetGuid(0), (JobState)row.GetInt32(1), row.GetInt32(2), row.GetInt32(3),
            row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5));
    }
}
