namespace Pipeline.Sync;

/// <summary>Settings of a <see cref="CrossProcessSemaphore"/>. They are checked and copied when it is opened.</summary>
public sealed class CrossProcessSemaphoreOptions
{
    /// <summary>Gets or sets the place in the lock order.</summary>
    /// <value>Null, the default, for a semaphore that is not ordered: it cannot be a member of a <see cref="LockSet"/>, and separate acquisitions are not
    /// checked.</value>
    public LockLevel? Level { get; set; }

    /// <summary>Gets or sets a value indicating whether a directory on a network file system is accepted when it passes the start-up probe.</summary>
    /// <value>Default false: locks over a network may be missing, wake late, or outlive a crash.</value>
    public bool AllowNetworkFileSystem { get; set; }

    /// <summary>Gets or sets the longest pause between two looks at a busy semaphore.</summary>
    /// <value>1 ms to 1 s; default 8 ms. As many processes as there are permits, the longest waiting ones, look every millisecond, the others at random up to
    /// this interval; each look costs a few microseconds.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(8);

    /// <summary>Gets or sets the clock of time-outs and pauses.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets what is called when a lease was lost without being disposed.</summary>
    /// <value>Null, the default, for only the event of the <c>Pipeline-Sync</c> event source. Called on the finalizer thread: return soon and do not
    /// throw.</value>
    public Action<LockHolder>? Leaked { get; set; }
}
