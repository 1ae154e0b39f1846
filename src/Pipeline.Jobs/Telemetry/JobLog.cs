using Microsoft.Extensions.Logging;

namespace Pipeline.Jobs;

/// <summary>All log lines of the package.</summary>
internal static partial class JobLog
{
    [LoggerMessage(1, LogLevel.Information, "Job {Job} of kind {Kind} started: lease {Lease}, worker {Worker}.")]
    public static partial void Started(ILogger log, Guid job, string kind, int lease, string worker);

    [LoggerMessage(2, LogLevel.Information, "Job {Job}: attempt ended as {Ending} after {Seconds:F3} s.")]
    public static partial void Ended(ILogger log, Guid job, JobEndingKind ending, double seconds);

    [LoggerMessage(3, LogLevel.Warning, "Job {Job}: the lease was lost, and what this attempt did after that was thrown away. Another worker has the job, or it has ended.")]
    public static partial void Lost(ILogger log, Guid job);

    [LoggerMessage(4, LogLevel.Error, "Job {Job}: the body threw.")]
    public static partial void BodyThrew(ILogger log, Guid job, Exception error);

    [LoggerMessage(5, LogLevel.Warning, "The job store failed; trying again.")]
    public static partial void StoreFailed(ILogger log, Exception error);

    [LoggerMessage(6, LogLevel.Warning, "The scale-in guard failed; the job goes on without protection.")]
    public static partial void GuardFailed(ILogger log, Exception error);

    [LoggerMessage(7, LogLevel.Warning, "Job {Job}: its settlement failed and will be repeated.")]
    public static partial void SettlementFailed(ILogger log, Guid job, Exception error);

    [LoggerMessage(8, LogLevel.Warning, "{Count} leases ran out; their jobs are queued again or ended.")]
    public static partial void Recovered(ILogger log, int count);

    [LoggerMessage(9, LogLevel.Error, "Job {Job}: the body does not stop although its lease is lost. Its slot is out of use until the process restarts.")]
    public static partial void Abandoned(ILogger log, Guid job);
}
