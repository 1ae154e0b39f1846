namespace Pipeline.Jobs.Postgres;

/// <summary>Settings of a <see cref="PostgresJobStore"/>. They are copied when the store opens.</summary>
public sealed class PostgresJobStoreOptions
{
    /// <summary>Gets or sets the schema that holds the tables; made when missing.</summary>
    /// <value>1 to 40 characters of a-z, 0-9 and '_', starting with a letter; default <c>pipeline_jobs</c>.</value>
    public string Schema { get; set; } = "pipeline_jobs";

    /// <summary>Gets or sets the clock.</summary>
    /// <value>Null, the default: the server's, so that the clocks of many machines need not agree.</value>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>Gets or sets how long an idempotency key is remembered.</summary>
    /// <value>1 minute or more; default 7 days.</value>
    public TimeSpan IdempotencyRetention { get; set; } = TimeSpan.FromDays(7);
}
