namespace Pipeline.Jobs;

/// <summary>Ends attempts and jobs. Runs inside a transaction of the writer.</summary>
internal static class SqliteEnding
{
    public static CommitOutcome End(SqliteSession session, JobLease lease, JobEnding ending, DateTimeOffset now)
    {
        byte[] id = SqliteRow.Bytes(lease.Job.Id);
        byte[] token = SqliteRow.Bytes(lease.Token);
        Job? job = session.First($"SELECT {SqliteRow.Columns} FROM jobs WHERE id = $id AND token = $token", SqliteRow.Read, ("$id", id), ("$token", token));
        if (job is null)
            return WasMine(session, id, token) ? CommitOutcome.Committed : CountLate(session, lease);

        Transition next = Transition.Of(job, ending);
        session.Execute("""
            UPDATE jobs SET state = $state, waiting = $waiting, run_at = $run_at, errors = $errors, interruptions = $interruptions, token = NULL, last_token = $token, lease_until = NULL,
                version = version + 1, problem_type = $type, problem_title = $title, problem_detail = $detail, result = $result, result_artifact = $artifact, result_summary = $summary
            WHERE id = $id
            """, ("$state", (long)next.State), ("$waiting", next.Delay > TimeSpan.Zero ? 1 : 0), ("$run_at", (now + next.Delay).UtcTicks), ("$errors", next.Errors), ("$interruptions", next.Interruptions),
            ("$token", token), ("$type", next.Problem?.Type), ("$title", next.Problem?.Title), ("$detail", JobLimits.Cut(next.Problem?.Detail, JobLimits.DetailCharacters)),
            ("$result", next.Result is null ? 0 : 1), ("$artifact", next.Result?.Artifact), ("$summary", next.Result?.Summary), ("$id", id));
        if (next.State.IsFinal())
            MoveToHistory(session, id, now);
        return CommitOutcome.Committed;
    }

    public static CancelOutcome Cancel(SqliteSession session, string tenant, Guid id, DateTimeOffset now)
    {
        byte[] key = SqliteRow.Bytes(id);
        long? state = session.Number("SELECT state FROM jobs WHERE id = $id AND tenant = $tenant", ("$id", key), ("$tenant", tenant));
        switch ((JobState?)state)
        {
            case null:
                return SqliteLookup.Find(session, tenant, id) is null ? CancelOutcome.NotFound : CancelOutcome.AlreadyEnded;
            case JobState.Queued:
                session.Execute("UPDATE jobs SET state = $state, version = version + 1 WHERE id = $id", ("$state", (long)JobState.Canceled), ("$id", key));
                MoveToHistory(session, key, now);
                return CancelOutcome.Canceled;
            case JobState.Running:
                session.Execute("UPDATE jobs SET state = $state, version = version + 1 WHERE id = $id", ("$state", (long)JobState.Canceling), ("$id", key));
                return CancelOutcome.Canceling;
            default:
                return CancelOutcome.Canceling;
        }
    }

    public static void MoveToHistory(SqliteSession session, byte[] id, DateTimeOffset now)
    {
        session.Execute("UPDATE jobs SET ended = $now WHERE id = $id", ("$now", now.UtcTicks), ("$id", id));
        session.Execute("INSERT INTO history SELECT * FROM jobs WHERE id = $id", ("$id", id));
        session.Execute("DELETE FROM jobs WHERE id = $id", ("$id", id));
    }

    public static CommitOutcome CountLate(SqliteSession session, JobLease lease)
    {
        byte[] id = SqliteRow.Bytes(lease.Job.Id);
        if (session.Execute("UPDATE jobs SET late = late + 1, version = version + 1 WHERE id = $id", ("$id", id)) == 0)
            session.Execute("UPDATE history SET late = late + 1, version = version + 1 WHERE id = $id", ("$id", id));
        return CommitOutcome.Refused;
    }

    // The answer to a commit may be lost on its way; the worker then repeats it, and the job already shows what it said.
    private static bool WasMine(SqliteSession session, byte[] id, byte[] token) => session.Number(
        "SELECT 1 FROM jobs WHERE id = $id AND last_token = $token UNION ALL SELECT 1 FROM history WHERE id = $id AND last_token = $token", ("$id", id), ("$token", token)) is not null;
}
