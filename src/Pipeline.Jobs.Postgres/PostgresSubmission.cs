using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Jobs.Postgres;

/// <summary>Stores submissions.</summary>
internal static class PostgresSubmission
{
    public static async Task<SubmitResult> RunAsync(PostgresTransaction transaction, JobSubmission submission, TimeSpan keyRetention)
    {
        Guid id = Guid.CreateVersion7(transaction.Now);
        if (submission.IdempotencyKey is { } key)
        {
            byte[] fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes($"{submission.Kind}\n{submission.Priority}\n{submission.Delay.Ticks}\n{submission.Payload}"));
            await transaction.ExecuteAsync("DELETE FROM keys WHERE tenant = @tenant AND key = @key AND created < @oldest",
                ("tenant", submission.Tenant), ("key", key), ("oldest", transaction.Now - keyRetention)).ConfigureAwait(false);

            // Waits for another transaction that stores the same key, and then sees its row: of many at once one is accepted.
            int isNew = await transaction.ExecuteAsync("INSERT INTO keys (tenant, key, fingerprint, job, created) VALUES (@tenant, @key, @fingerprint, @job, @now) ON CONFLICT DO NOTHING",
                ("tenant", submission.Tenant), ("key", key), ("fingerprint", fingerprint), ("job", id)).ConfigureAwait(false);
            if (isNew == 0)
                return await ReplayAsync(transaction, submission.Tenant, key, fingerprint).ConfigureAwait(false);
        }

        if (submission.MaxUnfinished is { } most && (long)(await transaction.ScalarAsync("SELECT count(*) FROM jobs WHERE tenant = @tenant", ("tenant", submission.Tenant)).ConfigureAwait(false))! >= most)
        {
            await transaction.ExecuteAsync("DELETE FROM keys WHERE tenant = @tenant AND job = @job", ("tenant", submission.Tenant), ("job", id)).ConfigureAwait(false);
            return new SubmitResult(SubmitOutcome.QuotaExceeded, null);
        }

        await transaction.ExecuteAsync("""
            INSERT INTO jobs (id, tenant, kind, payload, priority, state, waiting, turn, created, run_at, checkpoint, max_deaths, max_errors, retry_of, trace, settled)
            VALUES (@id, @tenant, @kind, @payload, @priority, 0, @waiting,
                greatest(coalesce((SELECT turn FROM jobs WHERE state = 0 AND NOT waiting AND priority = @priority ORDER BY turn LIMIT 1), 1),
                         coalesce((SELECT max(turn) FROM jobs WHERE state = 0 AND tenant = @tenant AND priority = @priority), 0) + 1),
                @now, @now + @duration, @checkpoint, @max_deaths, @max_errors, @retry_of, @trace, @settled)
            """, ("id", id), ("tenant", submission.Tenant), ("kind", submission.Kind), ("payload", submission.Payload), ("priority", submission.Priority),
            ("waiting", submission.Delay > TimeSpan.Zero), ("duration", submission.Delay), ("checkpoint", submission.Checkpoint), ("max_deaths", submission.MaxDeaths),
            ("max_errors", submission.MaxErrors), ("retry_of", submission.RetryOf), ("trace", submission.TraceParent), ("settled", !submission.NeedsSettlement)).ConfigureAwait(false);
        await transaction.ExecuteAsync("SELECT pg_notify('pipeline_jobs', '')").ConfigureAwait(false);
        return new SubmitResult(SubmitOutcome.Accepted, await PostgresLookup.FindAsync(transaction, submission.Tenant, id).ConfigureAwait(false));
    }

    private static async Task<SubmitResult> ReplayAsync(PostgresTransaction transaction, string tenant, string key, byte[] fingerprint)
    {
        KnownKey known = (await transaction.FirstAsync("SELECT fingerprint, job FROM keys WHERE tenant = @tenant AND key = @key",
            row => new KnownKey(row.GetFieldValue<byte[]>(0), row.GetGuid(1)), ("tenant", tenant), ("key", key)).ConfigureAwait(false))!;
        return known.Fingerprint.AsSpan().SequenceEqual(fingerprint)
            ? new SubmitResult(SubmitOutcome.Replayed, await PostgresLookup.FindAsync(transaction, tenant, known.Job).ConfigureAwait(false))
            : new SubmitResult(SubmitOutcome.KeyReused, null);
    }

    private sealed record KnownKey(byte[] Fingerprint, Guid Job);
}
