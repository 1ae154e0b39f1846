using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Jobs;

/// <summary>Stores submissions. Runs inside a transaction of the writer.</summary>
internal static class SqliteSubmission
{
    private const string Insert = """
        INSERT INTO jobs (id, tenant, kind, payload, priority, state, waiting, turn, created, run_at, checkpoint, leases, deaths, errors, interruptions, late, max_deaths,
            max_errors, result, retry_of, trace, version, settled, settle_at)
        VALUES ($id, $tenant, $kind, $payload, $priority, 0, $waiting, $turn, $now, $run_at, $checkpoint, 0, 0, 0, 0, 0, $max_deaths, $max_errors, 0, $retry_of, $trace, 1, $settled, 0)
        """;

    public static SubmitResult Run(SqliteSession session, JobSubmission submission, DateTimeOffset now, TimeSpan keyRetention)
    {
        byte[] fingerprint = Fingerprint(submission);
        if (submission.IdempotencyKey is { } key && FindKey(session, submission.Tenant, key, now - keyRetention) is { } known)
        {
            if (!known.Fingerprint.AsSpan().SequenceEqual(fingerprint))
                return new SubmitResult(SubmitOutcome.KeyReused, null);
            return new SubmitResult(SubmitOutcome.Replayed, SqliteLookup.Find(session, submission.Tenant, known.Job));
        }

        if (submission.MaxUnfinished is { } most && session.Number("SELECT count(*) FROM jobs WHERE tenant = $tenant", ("$tenant", submission.Tenant)) >= most)
            return new SubmitResult(SubmitOutcome.QuotaExceeded, null);

        Guid id = Guid.CreateVersion7(now);
        session.Execute(Insert, ("$id", SqliteRow.Bytes(id)), ("$tenant", submission.Tenant), ("$kind", submission.Kind), ("$payload", submission.Payload), ("$priority", submission.Priority),
            ("$waiting", submission.Delay > TimeSpan.Zero ? 1 : 0), ("$turn", NextTurn(session, submission)), ("$now", now.UtcTicks), ("$run_at", (now + submission.Delay).UtcTicks),
            ("$checkpoint", submission.Checkpoint), ("$max_deaths", submission.MaxDeaths), ("$max_errors", submission.MaxErrors),
            ("$retry_of", submission.RetryOf is { } retryOf ? SqliteRow.Bytes(retryOf) : null), ("$trace", submission.TraceParent), ("$settled", submission.NeedsSettlement ? 0 : 1));
        if (submission.IdempotencyKey is { } fresh)
        {
            session.Execute("INSERT OR REPLACE INTO keys (tenant, key, fingerprint, job, created) VALUES ($tenant, $key, $fingerprint, $job, $now)",
                ("$tenant", submission.Tenant), ("$key", fresh), ("$fingerprint", fingerprint), ("$job", SqliteRow.Bytes(id)), ("$now", now.UtcTicks));
        }

        return new SubmitResult(SubmitOutcome.Accepted, SqliteLookup.Find(session, submission.Tenant, id));
    }

    /// <summary>Says what makes two submissions the same: everything that the job would do differently.</summary>
    public static byte[] Fingerprint(JobSubmission submission) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{submission.Kind}\n{submission.Priority}\n{submission.Delay.Ticks}\n{submission.Payload}"));

    // Start-time fair queueing: a tenant's jobs get turns one after another, and a tenant that comes late starts at the turn that is being served now,
    // so ten jobs behind another tenant's ten thousand wait for ten of those and not for all.
    private static long NextTurn(SqliteSession session, JobSubmission submission)
    {
        long served = session.Number("SELECT turn FROM jobs WHERE state = 0 AND waiting = 0 AND priority = $priority ORDER BY turn LIMIT 1", ("$priority", submission.Priority)) ?? 1;
        long last = session.Number("SELECT max(turn) FROM jobs WHERE state = 0 AND tenant = $tenant AND priority = $priority",
            ("$tenant", submission.Tenant), ("$priority", submission.Priority)) ?? 0;
        return Math.Max(served, last + 1);
    }

    private static KnownKey? FindKey(SqliteSession session, string tenant, string key, DateTimeOffset oldest) => session.First(
        "SELECT fingerprint, job FROM keys WHERE tenant = $tenant AND key = $key AND created >= $oldest",
        row => new KnownKey(row.GetFieldValue<byte[]>(0), new Guid(row.GetFieldValue<byte[]>(1), bigEndian: true)),
        ("$tenant", tenant), ("$key", key), ("$oldest", oldest.UtcTicks));

    private sealed record KnownKey(byte[] Fingerprint, Guid Job);
}
