namespace Pipeline.Processes;

/// <summary>Settings of one call. Read when the call is made.</summary>
public sealed class WorkerCallOptions
{
    /// <summary>Gets or sets how long the handler may run.</summary>
    /// <value>
    /// 1 ms to 24 days; null, the default, for no limit. Counts from the moment at which a worker starts the call, not while it waits. When the time is up,
    /// that worker is killed and the call fails with <see cref="WorkerTimeoutException"/>; it is not tried again.
    /// </value>
    public TimeSpan? Deadline { get; set; }

    /// <summary>Gets or sets what the call is about, for errors and logs: a file name, a key.</summary>
    /// <value>Null, the default, for nothing.</value>
    public string? Item { get; set; }

    /// <summary>Gets or sets the receiver of what the handler reports with <see cref="WorkerCallContext.ReportProgress"/>.</summary>
    /// <value>Null, the default, for none. Called from the pool's reading thread; it must return at once.</value>
    public IProgress<WorkerProgress>? Progress { get; set; }
}
