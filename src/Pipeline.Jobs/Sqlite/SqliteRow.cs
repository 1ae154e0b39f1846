using Microsoft.Data.Sqlite;

namespace Pipeline.Jobs;

/// <summary>Reads a job from a row of either table.</summary>
internal static class SqliteRow
{
    public const string Columns = """
        id, tenant, kind, payload, priority, state, created, run_at, started, ended, progress_done, progress_total, progress_text, checkpoint, leases, deaths,
        errors, interruptions, late, max_deaths, max_errors, problem_type, problem_title, problem_detail, result, result_artifact, result_summary, worker,
        lease_until, retry_of, trace, version, settled, seq
        """;

    public static Job Read(SqliteDataReader row) => new()
    {
        Id = new Guid(row.GetFieldValue<byte[]>(0), bigEndian: true),
        Tenant = row.GetString(1),
        Kind = row.GetString(2),
        Payload = row.GetString(3),
        Priority = row.GetInt32(4),
        State = (JobState)row.GetInt32(5),
        CreatedAt = Time(row, 6)!.Value,
        RunAt = Time(row, 7)!.Value,
        StartedAt = Time(row, 8),
        EndedAt = Time(row, 9),
        Progress = row.IsDBNull(10) ? null : new JobProgress(row.GetInt64(10), row.IsDBNull(11) ? null : row.GetInt64(11), Text(row, 12)),
        Checkpoint = Text(row, 13),
        Leases = row.GetInt32(14),
        Deaths = row.GetInt32(15),
        Errors = row.GetInt32(16),
        Interruptions = row.GetInt32(17),
        LateCommits = row.GetInt32(18),
        MaxDeaths = row.GetInt32(19),
        MaxErrors = row.GetInt32(20),
        Problem = row.IsDBNull(21) ? null : new JobProblem(row.GetString(21), row.GetString(22), row.GetString(23)),
        Result = row.GetInt32(24) == 0 ? null : new JobResult(Text(row, 25), Text(row, 26)),
        Worker = Text(row, 27),
        LeaseUntil = Time(row, 28),
        RetryOf = row.IsDBNull(29) ? null : new Guid(row.GetFieldValue<byte[]>(29), bigEndian: true),
        TraceParent = Text(row, 30),
        Version = row.GetInt64(31),
        IsSettled = row.GetInt32(32) != 0,
    };

    public static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
}
