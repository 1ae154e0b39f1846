using Npgsql;

namespace Pipeline.Jobs.Postgres;

/// <summary>Reads a job from a row of either table.</summary>
internal static class PostgresRow
{
    public static Job Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
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
        Result = row.GetBoolean(24) ? new JobResult(Text(row, 25), Text(row, 26)) : null,
        Worker = Text(row, 27),
        LeaseUntil = Time(row, 28),
        RetryOf = row.IsDBNull(29) ? null : row.GetGuid(29),
        TraceParent = Text(row, 30),
        Version = row.GetInt64(31),
        IsSettled = row.GetBoolean(32),
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
