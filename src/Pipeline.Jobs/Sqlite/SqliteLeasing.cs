using System.Globalization;

namespace Pipeline.Jobs;

/// <summary>Draws, extends and recovers leases. Runs inside a transaction of the writer.</summary>
internal static class SqliteLeasing
{
    private const int MaxRecovered = 100;

    public static JobLease? Lease(SqliteSession session, LeaseRequest request, DateTimeOffset now)
    {
        Recover(session, now);
        session.Execute("UPDATE jobs SET waiting = 0 WHERE state = 0 AND waiting = 1 AND run_at <= $now", ("$now", now.UtcTicks));
        (string, object?)[] values = [("$job", request.Job is { } wanted ? SqliteRow.Bytes(wanted) : null), .. SqliteKinds.Values(request.Kinds)];
        string kinds = SqliteKinds.List(request.Kinds.Count);
        byte[]? id = request.Job is null
            ? session.First($"SELECT id FROM jobs WHERE state = 0 AND waiting = 0 AND kind IN ({kinds}) ORDER BY priority DESC, turn, seq LIMIT 1", row => row.GetFieldValue<byte[]>(0), values)
            : session.First($"SELECT id FROM jobs WHERE state = 0 AND waiting = 0 AND id = $job AND kind IN ({kinds})", row => row.GetFieldValue<byte[]>(0), values);
        if (id is null)
            return null;

        // Drawn at random for this lease: a second lease of the same worker is as foreign to the first as anybody's.
        Guid token = Guid.NewGuid();
        session.Execute("""
            UPDATE jobs SET state = 1, token = $token, last_token = NULL, worker = $worker, lease_until = $until, lease_ticks = $ticks, leases = leases + 1,
                started = coalesce(started, $now), version = version + 1 WHERE id = $id
            """, ("$token", SqliteRow.Bytes(token)), ("$worker", request.Worker), ("$until", (now + request.Duration).UtcTicks), ("$ticks", request.Duration.Ticks),
            ("$now", now.UtcTicks), ("$id", id));
        Job job = session.First($"SELECT {SqliteRow.Columns} FROM jobs WHERE id = $id", SqliteRow.Read, ("$id", id))!;
        return new JobLease(job, token, request.Duration);
    }

    public static HeartbeatAnswer Heartbeat(SqliteSession session, JobLease lease, JobProgress? progress, bool extend, DateTimeOffset now)
    {
        int changed = session.Execute("""
            UPDATE jobs SET lease_until = CASE WHEN $extend THEN $now + lease_ticks ELSE lease_until END,
                progress_done = CASE WHEN $done IS NULL THEN progress_done ELSE $done END, progress_total = CASE WHEN $done IS NULL THEN progress_total ELSE $total END,
                progress_text = CASE WHEN $done IS NULL THEN progress_text ELSE $text END, version = version + CASE WHEN $done IS NULL THEN 0 ELSE 1 END
            WHERE id = $id AND token = $token
            """, [("$extend", extend), ("$now", now.UtcTicks), .. Key(lease), .. Values(progress)]);
        if (changed == 0)
            return HeartbeatAnswer.Lost;
        return session.Number("SELECT state FROM jobs WHERE id = $id", ("$id", SqliteRow.Bytes(lease.Job.Id))) == (long)JobState.Canceling ? HeartbeatAnswer.CancelRequested : HeartbeatAnswer.Held;
    }

    public static CommitOutcome Checkpoint(SqliteSession session, JobLease lease, string checkpoint, JobProgress? progress, DateTimeOffset now)
    {
        int changed = session.Execute("""
            UPDATE jobs SET checkpoint = $checkpoint, lease_until = $now + lease_ticks,
                progress_done = CASE WHEN $done IS NULL THEN progress_done ELSE $done END, progress_total = CASE WHEN $done IS NULL THEN progress_total ELSE $total END,
                progress_text = CASE WHEN $done IS NULL THEN progress_text ELSE $text END, version = version + 1
            WHERE id = $id AND token = $token
            """, [("$checkpoint", checkpoint), ("$now", now.UtcTicks), .. Key(lease), .. Values(progress)]);
        if (changed == 0)
            SqliteEnding.CountLate(session, lease);
        return changed == 0 ? CommitOutcome.Refused : CommitOutcome.Committed;
    }

    public static int Recover(SqliteSession session, DateTimeOffset now)
    {
        List<Dead> dead = session.All(
            string.Create(CultureInfo.InvariantCulture, $"SELECT id, state, deaths + 1, max_deaths, progress_text, worker FROM jobs WHERE token IS NOT NULL AND lease_until <= $now ORDER BY lease_until LIMIT {MaxRecovered}"),
            Dead.Read, ("$now", now.UtcTicks));
        foreach (Dead job in dead)
            Bury(session, job, "it reported no progress until its lease ran out", now);
        return dead.Count;
    }

    public static int ReportDeath(SqliteSession session, string worker, string reason, DateTimeOffset now)
    {
        List<Dead> dead = session.All("SELECT id, state, deaths + 1, max_deaths, progress_text, worker FROM jobs WHERE token IS NOT NULL AND worker = $worker", Dead.Read, ("$worker", worker));
        foreach (Dead job in dead)
            Bury(session, job, reason, now);
        return dead.Count;
    }

    private static void Bury(SqliteSession session, Dead job, string reason, DateTimeOffset now)
    {
        string detail = DeathText.Detail(job.Worker, reason, job.LastProgress);
        bool isLast = job.Deaths >= job.MaxDeaths;
        JobState next = job.State == JobState.Canceling ? JobState.Canceled : isLast ? JobState.Failed : JobState.Queued;
        session.Execute("""
            UPDATE jobs SET state = $state, waiting = 0, deaths = $deaths, token = NULL, last_token = NULL, lease_until = NULL, version = version + 1,
                problem_type = $type, problem_title = $title, problem_detail = $detail WHERE id = $id
            """, ("$state", (long)next), ("$deaths", job.Deaths), ("$type", JobProblem.WorkerDied), ("$title", DeathText.Title(job.Deaths)), ("$detail", detail), ("$id", job.Id));
        if (next.IsFinal())
            SqliteEnding.MoveToHistory(session, job.Id, now);
    }

    private static (string, object?)[] Key(JobLease lease) => [("$id", SqliteRow.Bytes(lease.Job.Id)), ("$token", SqliteRow.Bytes(lease.Token))];

    private static (string, object?)[] Values(JobProgress? progress) =>
        [("$done", progress?.Done), ("$total", progress?.Total), ("$text", JobLimits.Cut(progress?.Text, JobLimits.ProgressCharacters))];

    private sealed record Dead(byte[] Id, JobState State, int Deaths, int MaxDeaths, string? LastProgress, string? Worker)
    {
        public static Dead Read(Microsoft.Data.Sqlite.SqliteDataReader row) => new(row.GetFieldValue<byte[]>(0), (JobState)row.GetInt32(1), row.GetInt32(2), row.GetInt32(3),
            row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5));
    }
}
