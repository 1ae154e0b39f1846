using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Pipeline.Jobs;

/// <summary>Settings of a <see cref="JobWorker"/>. They are checked and copied when it is made.</summary>
public sealed class JobWorkerOptions
{
    /// <summary>Gets or sets the name of this process, for people and for the parent that reports its death.</summary>
    /// <value>1 to 200 characters; default: machine, process number and four random digits.</value>
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Random.Shared.Next(0x10000):x4}";

    /// <summary>Gets or sets how many jobs run at the same time.</summary>
    /// <value>1 to 1,000; default 1.</value>
    public int Slots { get; set; } = 1;

    /// <summary>Gets or sets how long a job may report no progress until it counts as dead.</summary>
    /// <value>1 s to 12 hours; default 60 s. A killed worker's job goes on elsewhere after this time. It must be longer than the longest step between two reports.</value>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets how often progress is passed on and wishes to cancel are asked for.</summary>
    /// <value>10 ms to a third of <see cref="Lease"/>; default 1 s, or a third of a shorter lease.</value>
    public TimeSpan? ReportInterval { get; set; }

    /// <summary>Gets or sets how often an idle worker looks for jobs whose coming it was not told.</summary>
    /// <value>10 ms to 1 minute; default 500 ms.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets or sets how long running jobs may go on after the worker was told to stop.</summary>
    /// <value>0 to 12 hours; default 100 s, which fits the two minutes that most platforms give. Leases are kept alive meanwhile; what is left then is given back and not counted.</value>
    public TimeSpan DrainGrace { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>Gets or sets how long one attempt may take.</summary>
    /// <value>1 s or more; null, the default, for no limit. An attempt that takes longer is an error.</value>
    public TimeSpan? MaxRunTime { get; set; }

    /// <summary>Gets or sets what an exception of a body means.</summary>
    /// <value>Default: retries with growing waits, except for errors that the same input brings about again.</value>
    public JobRetryPolicy Retries { get; set; } = new();

    /// <summary>Gets or sets what protects this machine while it is busy.</summary>
    /// <value>Null, the default, for nothing.</value>
    public IScaleInGuard? ScaleInGuard { get; set; }

    /// <summary>Gets or sets the clock.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets the receiver of log lines.</summary>
    /// <value>Default: none.</value>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    internal TimeSpan EffectiveReportInterval => ReportInterval ?? (Lease / 3 < TimeSpan.FromSeconds(1) ? Lease / 3 : TimeSpan.FromSeconds(1));

    internal JobWorkerOptions CheckedCopy()
    {
        Require(Name.Length is >= 1 and <= 200, nameof(Name), Name, "1 to 200 characters");
        Require(Slots is >= 1 and <= 1000, nameof(Slots), Slots, "1 to 1,000");
        Require(Lease >= TimeSpan.FromSeconds(1) && Lease <= TimeSpan.FromHours(12), nameof(Lease), Lease, "1 s to 12 hours");
        Require(EffectiveReportInterval >= TimeSpan.FromMilliseconds(10) && EffectiveReportInterval <= Lease / 3, nameof(ReportInterval), ReportInterval, "10 ms to a third of the lease");
        Require(PollInterval >= TimeSpan.FromMilliseconds(10) && PollInterval <= TimeSpan.FromMinutes(1), nameof(PollInterval), PollInterval, "10 ms to 1 minute");
        Require(DrainGrace >= TimeSpan.Zero && DrainGrace <= TimeSpan.FromHours(12), nameof(DrainGrace), DrainGrace, "0 to 12 hours");
        Require(MaxRunTime is null || MaxRunTime >= TimeSpan.FromSeconds(1), nameof(MaxRunTime), MaxRunTime, "1 s or more, or null");
        return (JobWorkerOptions)MemberwiseClone();
    }

    private static void Require(bool holds, string name, object? value, string rule)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(JobWorkerOptions)}.{name} was {value}. It must be {rule}.");
    }
}
