using Microsoft.Extensions.Logging;

namespace Pipeline.Processes;

/// <summary>Settings of a <see cref="ProcessPool"/>. They are checked and copied when the pool is created.</summary>
public sealed class ProcessPoolOptions
{
    /// <summary>Gets or sets the name of the pool in logs and errors.</summary>
    /// <value>Default "workers".</value>
    public string Name { get; set; } = "workers";

    /// <summary>Gets or sets how worker processes are started.</summary>
    /// <value>Default <see cref="WorkerLaunch.ThisApplication"/>: the application itself, whose <c>Main</c> begins with <see cref="WorkerHost.Run"/>.</value>
    public WorkerLaunch Launch { get; set; } = WorkerLaunch.ThisApplication();

    /// <summary>Gets or sets how many worker processes take calls.</summary>
    /// <value>1 to 256; default: the processors of this machine.</value>
    public int Workers { get; set; } = Math.Clamp(System.Environment.ProcessorCount, 1, 256);

    /// <summary>Gets or sets how many more processes wait, initialized, to replace one that dies.</summary>
    /// <value>0 to 256; default 1. With 0 a replacement is started only when it is needed, which costs the start of a process.</value>
    public int WarmSpares { get; set; } = 1;

    /// <summary>Gets or sets how many workers one call may take down before it fails for good.</summary>
    /// <value>1 to 100; default 2: a call whose worker died is tried once more.</value>
    public int MaxWorkerDeathsPerCall { get; set; } = 2;

    /// <summary>Gets or sets how many deaths the pool answers with an immediate restart.</summary>
    /// <value>
    /// 0 or more; default 10. Deaths beyond it are answered with growing delays; the budget is full again after <see cref="HealthyAfter"/> without a death.
    /// Workers that the pool kills itself do not count.
    /// </value>
    public int CrashBudget { get; set; } = 10;

    /// <summary>Gets or sets the time without a death after which the crash budget is full again.</summary>
    /// <value>1 ms to 1 day; default 30 s.</value>
    public TimeSpan HealthyAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the first delay of a restart when the crash budget is used up; it doubles with each further death.</summary>
    /// <value>1 ms to 1 hour; default 100 ms.</value>
    public TimeSpan RestartDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets the longest delay of a restart.</summary>
    /// <value>At least <see cref="RestartDelay"/>, at most 1 hour; default 10 s.</value>
    public TimeSpan MaxRestartDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long a worker may take to become ready.</summary>
    /// <value>1 ms to 1 hour; default 30 s. Then it is killed and counts as a failed start.</value>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how many starts in a row may fail before the waiting calls fail with <see cref="WorkerStartException"/>.</summary>
    /// <value>1 to 100; default 3.</value>
    public int MaxStartFailures { get; set; } = 3;

    /// <summary>Gets or sets how long a worker may leave a call lying that it could begin, as a stopped process does.</summary>
    /// <value>
    /// 1 ms to 1 hour; default 5 s. Then it is killed, and its calls go to another worker; it is the fault of none of them. The pool looks every half second,
    /// or every <see cref="UnresponsiveAfter"/> if that is shorter, and counts from the first look that finds a call lying.
    /// </value>
    public TimeSpan UnresponsiveAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how long a worker may take to clean up when it is no longer needed.</summary>
    /// <value>0 to 1 hour; default 2 s. Then it is killed.</value>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Gets or sets how long caller and worker look for each other's next message before they sleep, while short calls come one after the other.
    /// </summary>
    /// <value>
    /// 0 to 1 ms; default 50 µs, about what it takes to wake a thread on a processor that sleeps. 0 turns it off, where processor time counts more than
    /// latency. Only calls that are alone in their pool and whose handlers take less than 100 µs are waited for, only on Linux, and only while caller and
    /// worker run on different processors; when nothing comes in time, it is tried ever more rarely.
    /// </value>
    public TimeSpan BusyPollLimit { get; set; } = TimeSpan.FromMicroseconds(50);

    /// <summary>Gets or sets after how many calls a worker is replaced.</summary>
    /// <value>1 or more; null, the default, for never. The replacement is ready before the old worker leaves; a busy worker is never stopped.</value>
    public int? RecycleAfterCalls { get; set; }

    /// <summary>Gets or sets after which age a worker is replaced.</summary>
    /// <value>1 ms or more; null, the default, for never.</value>
    public TimeSpan? RecycleAfter { get; set; }

    /// <summary>Gets or sets the resident memory, without shared buffers and files, from which a worker is replaced after its running call.</summary>
    /// <value>Bytes, 1 MiB or more; null, the default, takes 80 % of <see cref="MemoryLimitBytes"/>.</value>
    public long? RecycleAboveBytes { get; set; }

    /// <summary>Gets or sets the most memory that a worker may use.</summary>
    /// <value>
    /// Bytes, 32 MiB or more; null, the default, for no limit. It is the hard limit of the managed heap of the worker, which fails the call with
    /// <see cref="OutOfMemoryException"/>, and a worker whose resident memory goes above it is killed: that counts as a death of the call.
    /// </value>
    public long? MemoryLimitBytes { get; set; }

    /// <summary>Gets or sets the memory that the workers share with this process, when several pools shall hand buffers to each other.</summary>
    /// <value>Null, the default, for memory of this pool alone. Dispose it after the process pools.</value>
    public SharedBufferPool? SharedBuffers { get; set; }

    /// <summary>Gets environment variables of the workers, on top of those of this process.</summary>
    /// <value>Empty at first. A null value removes a variable.</value>
    public IDictionary<string, string?> Environment { get; private set; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Gets or sets the folder that workers start in.</summary>
    /// <value>Null, the default, for the current folder of this process.</value>
    public string? WorkingDirectory { get; set; }

    /// <summary>Gets or sets how much of the end of a worker's standard error is kept for errors.</summary>
    /// <value>Bytes, 0 to 1 MiB; default 8 KiB.</value>
    public int StandardErrorTailBytes { get; set; } = 8 * 1024;

    /// <summary>Gets or sets the receiver of what workers write and of what the pool does.</summary>
    /// <value>Null, the default, for none. Standard output is logged as Information, standard error as Warning.</value>
    public ILogger? Logger { get; set; }

    /// <summary>Gets or sets the clock of deadlines, ages and delays.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal ProcessPoolOptions CheckAndCopy()
    {
        ArgumentException.ThrowIfNullOrEmpty(Name);
        ArgumentNullException.ThrowIfNull(Launch);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        Range(Workers, 1, 256, nameof(Workers));
        Range(WarmSpares, 0, 256, nameof(WarmSpares));
        Range(MaxWorkerDeathsPerCall, 1, 100, nameof(MaxWorkerDeathsPerCall));
        Range(CrashBudget, 0, int.MaxValue, nameof(CrashBudget));
        Range(MaxStartFailures, 1, 100, nameof(MaxStartFailures));
        Range(StandardErrorTailBytes, 0, 1024 * 1024, nameof(StandardErrorTailBytes));
        Range(HealthyAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), nameof(HealthyAfter));
        Range(RestartDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), nameof(RestartDelay));
        Range(MaxRestartDelay, RestartDelay, TimeSpan.FromHours(1), nameof(MaxRestartDelay));
        Range(StartTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), nameof(StartTimeout));
        Range(UnresponsiveAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), nameof(UnresponsiveAfter));
        Range(ShutdownTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(ShutdownTimeout));
        Range(BusyPollLimit, TimeSpan.Zero, TimeSpan.FromMilliseconds(1), nameof(BusyPollLimit));
        Range(RecycleAfterCalls ?? 1, 1, int.MaxValue, nameof(RecycleAfterCalls));
        Range(RecycleAfter ?? TimeSpan.MaxValue, TimeSpan.FromMilliseconds(1), TimeSpan.MaxValue, nameof(RecycleAfter));
        Range(RecycleAboveBytes ?? long.MaxValue, 1L << 20, long.MaxValue, nameof(RecycleAboveBytes));
        Range(MemoryLimitBytes ?? long.MaxValue, 32L << 20, long.MaxValue, nameof(MemoryLimitBytes));
        ProcessPoolOptions copy = (ProcessPoolOptions)MemberwiseClone();
        copy.Environment = new Dictionary<string, string?>(Environment, StringComparer.Ordinal);
        copy.RecycleAboveBytes ??= MemoryLimitBytes / 5 * 4;
        return copy;
    }

    private static void Range<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw new ArgumentOutOfRangeException(
                name, value, $"A process pool was given {name} = {value}. It must be {least} to {most}. Set ProcessPoolOptions.{name}.");
    }
}
