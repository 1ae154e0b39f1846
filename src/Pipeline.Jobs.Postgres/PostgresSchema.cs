namespace Pipeline.Jobs.Postgres;

/// <summary>The tables. Jobs that can still change are in 'jobs', ended ones in 'history', so the hot table stays small whatever the past.</summary>
internal static class PostgresSchema
{
    public const string Columns = """
        id, tenant, kind, payload, priority, state, created, run_at, started, ended, progress_done, progress_total, progress_text, checkpoint, leases, deaths,
        errors, interruptions, late, max_deaths, max_errors, problem_type, problem_title, problem_detail, result, result_artifact, result_summary, worker,
        lease_until, retry_of, trace, version, settled, seq
        """;

    private const string Definitions = """
        id uuid NOT NULL UNIQUE, tenant text NOT NULL, kind text NOT NULL, payload text NOT NULL, priority int NOT NULL, state int NOT NULL, waiting boolean NOT NULL,
        turn bigint NOT NULL, created timestamptz NOT NULL, run_at timestamptz NOT NULL, started timestamptz, ended timestamptz, progress_done bigint, progress_total bigint,
        progress_text text, checkpoint text, leases int NOT NULL DEFAULT 0, deaths int NOT NULL DEFAULT 0, errors int NOT NULL DEFAULT 0, interruptions int NOT NULL DEFAULT 0,
        late int NOT NULL DEFAULT 0, max_deaths int NOT NULL, max_errors int NOT NULL, problem_type text, problem_title text, problem_detail text,
        result boolean NOT NULL DEFAULT false, result_artifact text, result_summary text, worker text, token uuid, last_token uuid, lease_until timestamptz, lease_time interval,
        retry_of uuid, trace text, version bigint NOT NULL DEFAULT 1, settled boolean NOT NULL, settle_at timestamptz NOT NULL DEFAULT '-infinity'
        """;

    /// <summary>Gets the statements that make what is missing. They run under a lock, so that processes that start together do not collide.</summary>
    public static string Create(string schema) => $"""
        SELECT pg_advisory_xact_lock(hashtext('pipeline.jobs.{schema}'));
        CREATE SCHEMA IF NOT EXISTS {schema};
        CREATE TABLE IF NOT EXISTS {schema}.versions (version int PRIMARY KEY);
        INSERT INTO {schema}.versions VALUES (1) ON CONFLICT DO NOTHING;
        CREATE TABLE IF NOT EXISTS {schema}.jobs (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {Definitions}) WITH (fillfactor = 70);
        CREATE TABLE IF NOT EXISTS {schema}.history (seq bigint PRIMARY KEY, {Definitions});
        CREATE TABLE IF NOT EXISTS {schema}.keys (tenant text NOT NULL, key text NOT NULL, fingerprint bytea NOT NULL, job uuid NOT NULL, created timestamptz NOT NULL, PRIMARY KEY (tenant, key));
        CREATE INDEX IF NOT EXISTS jobs_ready ON {schema}.jobs (priority DESC, turn, seq) WHERE state = 0 AND NOT waiting;
        CREATE INDEX IF NOT EXISTS jobs_turns ON {schema}.jobs (tenant, priority, turn) WHERE state = 0;
        CREATE INDEX IF NOT EXISTS jobs_waiting ON {schema}.jobs (run_at) WHERE state = 0 AND waiting;
        CREATE INDEX IF NOT EXISTS jobs_leased ON {schema}.jobs (lease_until) WHERE token IS NOT NULL;
        CREATE INDEX IF NOT EXISTS jobs_tenant ON {schema}.jobs (tenant, seq);
        CREATE INDEX IF NOT EXISTS history_tenant ON {schema}.history (tenant, seq);
        CREATE INDEX IF NOT EXISTS history_unsettled ON {schema}.history (settle_at) WHERE NOT settled;
        CREATE INDEX IF NOT EXISTS keys_created ON {schema}.keys (created);
        """;

    public static bool IsName(string name) => name.Length is >= 1 and <= 40 && name[0] is >= 'a' and <= 'z' && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_');
}
