using System.Globalization;

namespace Pipeline.Jobs;

/// <summary>The tables. Jobs that can still change are in the hot table 'jobs', ended ones in 'history', which nothing scans to find work.</summary>
internal static class SqliteSchema
{
    private const int Format = 1;
    private const int ApplicationId = 0x504C4A42; // 'PLJB'

    private const string Columns = """
        id BLOB NOT NULL UNIQUE, tenant TEXT NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL, priority INTEGER NOT NULL, state INTEGER NOT NULL,
        waiting INTEGER NOT NULL, turn INTEGER NOT NULL, created INTEGER NOT NULL, run_at INTEGER NOT NULL, started INTEGER, ended INTEGER,
        progress_done INTEGER, progress_total INTEGER, progress_text TEXT, checkpoint TEXT, leases INTEGER NOT NULL, deaths INTEGER NOT NULL,
        errors INTEGER NOT NULL, interruptions INTEGER NOT NULL, late INTEGER NOT NULL, max_deaths INTEGER NOT NULL, max_errors INTEGER NOT NULL,
        problem_type TEXT, problem_title TEXT, problem_detail TEXT, result INTEGER NOT NULL, result_artifact TEXT, result_summary TEXT, worker TEXT,
        token BLOB, last_token BLOB, lease_until INTEGER, lease_ticks INTEGER, retry_of BLOB, trace TEXT, version INTEGER NOT NULL,
        settled INTEGER NOT NULL, settle_at INTEGER NOT NULL
        """;

    private const string Create = $"""
        CREATE TABLE jobs (seq INTEGER PRIMARY KEY AUTOINCREMENT, {Columns});
        CREATE TABLE history (seq INTEGER PRIMARY KEY, {Columns});
        CREATE TABLE keys (tenant TEXT NOT NULL, key TEXT NOT NULL, fingerprint BLOB NOT NULL, job BLOB NOT NULL, created INTEGER NOT NULL, PRIMARY KEY (tenant, key)) WITHOUT ROWID;
        CREATE INDEX jobs_ready ON jobs (priority DESC, turn, seq) WHERE state = 0 AND waiting = 0;
        CREATE INDEX jobs_turns ON jobs (tenant, priority, turn) WHERE state = 0;
        CREATE INDEX jobs_waiting ON jobs (run_at) WHERE state = 0 AND waiting = 1;
        CREATE INDEX jobs_leased ON jobs (lease_until) WHERE token IS NOT NULL;
        CREATE INDEX jobs_tenant ON jobs (tenant, seq);
        CREATE INDEX jobs_created ON jobs (created) WHERE state = 0 AND waiting = 0;
        CREATE INDEX history_tenant ON history (tenant, seq);
        CREATE INDEX history_unsettled ON history (settle_at) WHERE settled = 0;
        CREATE INDEX keys_created ON keys (created);
        """;

    /// <summary>Makes the tables in an empty file, and refuses a file that is somebody else's.</summary>
    public static void Prepare(SqliteSession session, string path)
    {
        session.Execute("PRAGMA journal_mode = WAL");
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            long application = session.Number("PRAGMA application_id") ?? 0;
            long format = session.Number("PRAGMA user_version") ?? 0;
            long tables = session.Number("SELECT count(*) FROM sqlite_master") ?? 0;
            if (application == 0 && format == 0 && tables == 0)
            {
                session.Execute(Create);
                session.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
                session.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Format}"));
            }
            else if (application != ApplicationId || format != Format)
            {
                throw new JobStoreException($"'{path}' is not a job store of format {Format}: it has application id {application} and format {format}. Use another data folder, or the version that wrote it.", null);
            }

            session.Execute("COMMIT");
        }
        catch
        {
            if (session.IsInTransaction)
                session.Execute("ROLLBACK");
            throw;
        }
    }
}
