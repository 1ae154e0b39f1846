namespace Pipeline.Jobs;

/// <summary>Reads jobs from both tables.</summary>
internal static class SqliteLookup
{
    public static Job? Find(SqliteSession session, string tenant, Guid id) => session.First($"""
        SELECT {SqliteRow.Columns} FROM jobs WHERE id = $id AND tenant = $tenant
        UNION ALL SELECT {SqliteRow.Columns} FROM history WHERE id = $id AND tenant = $tenant
        """, SqliteRow.Read, ("$id", SqliteRow.Bytes(id)), ("$tenant", tenant));

    public static JobPage List(SqliteSession session, JobQuery query)
    {
        if (query.Limit is < 1 or > 500)
            throw new ArgumentException($"A page of {query.Limit} jobs was asked for. A page holds 1 to 500 jobs.", nameof(query));
        long before = query.After is null ? long.MaxValue : Place(session, query);
        string wanted = "tenant = $tenant AND seq < $before AND ($state IS NULL OR state = $state) AND ($kind IS NULL OR kind = $kind) ORDER BY seq DESC LIMIT $limit";
        List<Job> jobs = session.All($"""
            SELECT * FROM (SELECT {SqliteRow.Columns} FROM jobs WHERE {wanted})
            UNION ALL SELECT * FROM (SELECT {SqliteRow.Columns} FROM history WHERE {wanted})
            ORDER BY seq DESC LIMIT $limit
            """, SqliteRow.Read, ("$tenant", query.Tenant), ("$before", before), ("$state", query.State is { } state ? (long)state : null), ("$kind", query.Kind), ("$limit", query.Limit + 1L));
        bool isMore = jobs.Count > query.Limit;
        if (isMore)
            jobs.RemoveAt(jobs.Count - 1);
        return new JobPage(jobs, isMore ? jobs[^1].Id.ToString("N") : null);
    }

    public static JobStats Stats(SqliteSession session, DateTimeOffset now)
    {
        long? oldest = session.Number("SELECT min(created) FROM jobs WHERE state = 0 AND waiting = 0");
        return new JobStats(
            session.Number("SELECT count(*) FROM jobs WHERE state = 0 AND waiting = 0") ?? 0,
            session.Number("SELECT count(*) FROM jobs WHERE state = 0 AND waiting = 1") ?? 0,
            session.Number("SELECT count(*) FROM jobs WHERE token IS NOT NULL") ?? 0,
            oldest is { } ticks ? now - new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            session.Number("SELECT count(*) FROM history WHERE settled = 0") ?? 0);
    }

    private static long Place(SqliteSession session, JobQuery query)
    {
        long? place = Guid.TryParseExact(query.After, "N", out Guid id)
            ? session.Number("SELECT seq FROM jobs WHERE id = $id AND tenant = $tenant UNION ALL SELECT seq FROM history WHERE id = $id AND tenant = $tenant",
                ("$id", SqliteRow.Bytes(id)), ("$tenant", query.Tenant))
            : null;
        return place ?? throw new ArgumentException($"'{JobLimits.Cut(query.After, 64)}' is not where a page ended. Use the 'next' of a page as it was given.", nameof(query));
    }
}
