using Microsoft.Extensions.Logging;

namespace Pipeline.Hosting;

/// <summary>All log lines of this package.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Information, "Pipeline '{Pipeline}' takes items.")]
    public static partial void Started(ILogger logger, string pipeline);

    [LoggerMessage(2, LogLevel.Information, "Pipeline '{Pipeline}' is not ready any more; it takes items for another {Delay}.")]
    public static partial void NotReady(ILogger logger, string pipeline, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Information, "Pipeline '{Pipeline}' takes no more items and finishes those it has.")]
    public static partial void Draining(ILogger logger, string pipeline);

    [LoggerMessage(4, LogLevel.Information, "Pipeline '{Pipeline}' has ended ({Outcome}): {ItemsIn} items taken, {Completed} finished, "
        + "{Failed} failed, {Skipped} skipped, {Unfinished} unfinished.")]
    public static partial void Ended(
        ILogger logger, string pipeline, RunOutcome outcome, long itemsIn, long completed, long failed, long skipped, long unfinished);

    [LoggerMessage(5, LogLevel.Critical, "Pipeline '{Pipeline}' was ended by a fault; the process ends with exit code {ExitCode}.")]
    public static partial void Faulted(ILogger logger, Exception error, string pipeline, int exitCode);

    [LoggerMessage(6, LogLevel.Warning, "Pipeline '{Pipeline}': item {SequenceNumber} failed in stage '{Stage}' after {Attempts} "
        + "attempts.")]
    public static partial void ItemFailed(
        ILogger logger, Exception error, string pipeline, long sequenceNumber, string stage, int attempts);

    [LoggerMessage(7, LogLevel.Error, "Pipeline '{Pipeline}' did not finish within the host's shutdown time-out and is aborted. Raise "
        + "HostOptions.ShutdownTimeout.")]
    public static partial void Aborting(ILogger logger, string pipeline);

    [LoggerMessage(8, LogLevel.Critical, "Pipeline '{Pipeline}' still has running bodies {AbortTimeout} after it was aborted; the "
        + "process ends without them. Let them obey their token.")]
    public static partial void StillRunning(ILogger logger, string pipeline, TimeSpan abortTimeout);
}
