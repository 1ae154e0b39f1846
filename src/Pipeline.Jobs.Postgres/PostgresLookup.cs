namespace Pipeline.Jobs.Postgres;

/// <summary>Reads jobs from both tables.</summary>
internal static class PostgresLookup
{
    public static Task<Job?> FindAsync(PostgresTransaction transaction, string tenant, Guid id) => transaction.FirstAsync($"""
        SELECT {PostgresSchema.Columns} FROM jobs WHERE id = @id AND tenant = @tenant
        UNION ALL SELECT {PostgresSchema.Columns} FROM history WHERE id = @id AND tenant = @tenant
        """, PostgresRow.Read, ("id", id), ("tenant", tenant));

    public static async Task<JobPage> ListAsync(PostgresTransaction transaction, JobQuery query)
    {
        if (query.Limit is < 1 or > 500)
            throw new ArgumentException($"A page of {query.Limit} jobs was asked for. A page holds 1 to 500 jobs.", nameof(query));
        long before = query.After is null ? long.MaxValue : await PlaceAsync(transaction, query).ConfigureAwait(false);
        const string Wanted = "tenant = @tenant AND seq < @before AND (@state IS NULL OR state = @state) AND (@kind IS NULL OR kind = @kind) ORDER BY seq DESC LIMIT @limit";
        List<Job> jobs = await transaction.AllAsync($"""
            (SELECT {PostgresSchema.Columns} FROM jobs WHERE {Wanted}) UNION ALL (SELECT {PostgresSchema.Columns} FROM history WHERE {Wanted}) ORDER BY seq DESC LIMIT @limit
            """, PostgresRow.Read, ("tenant", query.Tenant), ("before", before), ("state", (int?)query.State), ("kind", query.Kind), ("limit", query.Limit + 1)).ConfigureAwait(false);
        bool isMore = jobs.Count > query.Limit;
        if (isMore)
            jobs.RemoveAt(jobs.Count - 1);
        return new JobPage(jobs, isMore ? jobs[^1].Id.ToString("N") : null);
    }

    public static async Task<JobStats> StatsAsync(PostgresTransaction transaction) => (await transaction.FirstAsync("""
        SELECT (SELECT count(*) FROM jobs WHERE state = 0 AND NOT waiting), (SELECT count(*) FROM jobs WHERE state = 0 AND waiting), (SELECT count(*) FROM jobs WHERE token IS NOT NULL),
            (SELECT @now - min(created) FROM jobs WHERE state = 0 AND NOT waiting), (SELECT count(*) FROM history WHERE NOT settled)
        """, row => new JobStats(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetTimeSpan(3), row.GetInt64(4))).ConfigureAwait(false))!;

    private static async Task<long> PlaceAsync(PostgresTransaction transaction, JobQuery query)
    {
        object? place = Guid.TryParseExact(query.After, "N", out Guid id)
            ? await transaction.ScalarAsync("SELECT seq FROM jobs WHERE id = @id AND tenant = @tenant UNION ALL SELECT seq FROM history WHERE id = @id AND tenant = @tenant", ("id", id), ("tenant", query.Tenant)).ConfigureAwait(false)
            : null;
        return place as long? ?? throw new ArgumentException($"'{JobLimits.Cut(query.After, 64)}' is not where a page ended. Use the 'next' of a page as it was given.", nameof(query));
    }
}
