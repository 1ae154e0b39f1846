namespace Pipeline.Jobs.Postgres;

/// <summary>Ends attempts and jobs.</summary>
internal static class PostgresEnding
{
    public static async Task<CommitOutcome> EndAsync(PostgresTransaction transaction, JobLease lease, JobEnding ending)
    {
        Guid id = lease.Job.Id;
        Job? job = await transaction.FirstAsync($"SELECT {PostgresSchema.Columns} FROM jobs WHERE id = @id AND token = @token FOR UPDATE", PostgresRow.Read, ("id", id), ("token", lease.Token)).ConfigureAwait(false);
        if (job is null)
        {
            // The answer to a commit may be lost on its way; the worker then repeats it, and the job already shows what it said.
            bool wasMine = await transaction.ScalarAsync("SELECT 1 FROM jobs WHERE id = @id AND last_token = @token UNION ALL SELECT 1 FROM history WHERE id = @id AND last_token = @token",
                ("id", id), ("token", lease.Token)).ConfigureAwait(false) is not null;
            return wasMine ? CommitOutcome.Committed : await CountLateAsync(transaction, lease).ConfigureAwait(false);
        }

        Transition next = Transition.Of(job, ending);
        await transaction.ExecuteAsync("""
            UPDATE jobs SET state = @state, waiting = @waiting, run_at = @now + @duration, errors = @errors, interruptions = @interruptions, token = NULL, last_token = @token, lease_until = NULL,
                version = version + 1, problem_type = @type, problem_title = @title, problem_detail = @detail, result = @result, result_artifact = @artifact, result_summary = @summary
            WHERE id = @id
            """, ("state", (int)next.State), ("waiting", next.Delay > TimeSpan.Zero), ("duration", next.Delay), ("errors", next.Errors), ("interruptions", next.Interruptions), ("token", lease.Token),
            ("type", next.Problem?.Type), ("title", next.Problem?.Title), ("detail", JobLimits.Cut(next.Problem?.Detail, JobLimits.DetailCharacters)), ("result", next.Result is not null),
            ("artifact", next.Result?.Artifact), ("summary", next.Result?.Summary), ("id", id)).ConfigureAwait(false);
        if (next.State.IsFinal())
            await MoveToHistoryAsync(transaction, id).ConfigureAwait(false);
        return CommitOutcome.Committed;
    }

    public static async Task<CancelOutcome> CancelAsync(PostgresTransaction transaction, string tenant, Guid id)
    {
        object? state = await transaction.ScalarAsync("SELECT state FROM jobs WHERE id = @id AND tenant = @tenant FOR UPDATE", ("id", id), ("tenant", tenant)).ConfigureAwait(false);
        switch (state is int number ? (JobState)number : (JobState?)null)
        {
            case null:
                return await PostgresLookup.FindAsync(transaction, tenant, id).ConfigureAwait(false) is null ? CancelOutcome.NotFound : CancelOutcome.AlreadyEnded;
            case JobState.Queued:
                await transaction.ExecuteAsync("UPDATE jobs SET state = 5, version = version + 1 WHERE id = @id", ("id", id)).ConfigureAwait(false);
                await MoveToHistoryAsync(transaction, id).ConfigureAwait(false);
                return CancelOutcome.Canceled;
            case JobState.Running:
                await transaction.ExecuteAsync("UPDATE jobs SET state = 2, version = version + 1 WHERE id = @id", ("id", id)).ConfigureAwait(false);
                return CancelOutcome.Canceling;
            default:
                return CancelOutcome.Canceling;
        }
    }

    public static async Task MoveToHistoryAsync(PostgresTransaction transaction, Guid id)
    {
        await transaction.ExecuteAsync("UPDATE jobs SET ended = @now WHERE id = @id", ("id", id)).ConfigureAwait(false);
        await transaction.ExecuteAsync("WITH ended AS (DELETE FROM jobs WHERE id = @id RETURNING *) INSERT INTO history SELECT * FROM ended", ("id", id)).ConfigureAwait(false);
    }

    public static async Task<CommitOutcome> CountLateAsync(PostgresTransaction transaction, JobLease lease)
    {
        if (await transaction.ExecuteAsync("UPDATE jobs SET late = late + 1, version = version + 1 WHERE id = @id", ("id", lease.Job.Id)).ConfigureAwait(false) == 0)
            await transaction.ExecuteAsync("UPDATE history SET late = late + 1, version = version + 1 WHERE id = @id", ("id", lease.Job.Id)).ConfigureAwait(false);
        return CommitOutcome.Refused;
    }
}
