namespace Pipeline.Jobs;

/// <summary>Settings of a <see cref="SqliteJobStore"/>. They are copied when the store opens.</summary>
public sealed class SqliteJobStoreOptions
{
    /// <summary>Gets or sets the clock that leases and delays are measured with. Processes that share a file must share a clock.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets how long an idempotency key is remembered.</summary>
    /// <value>1 minute or more; default 7 days. A submission that is repeated later is a new job.</value>
    public TimeSpan IdempotencyRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets how long a write waits for other processes that write to the file.</summary>
    /// <value>0 to 10 minutes; default 10 s. Then it fails with a <see cref="JobStoreException"/>.</value>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
