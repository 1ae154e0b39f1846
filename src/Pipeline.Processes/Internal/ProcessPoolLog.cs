using Pipeline.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Pipeline.Processes;

/// <summary>All log lines of a process pool.</summary>
internal sealed partial class ProcessPoolLog(ILogger? logger)
{
    private readonly ILogger _logger = logger ?? NullLogger.Instance;

    [LoggerMessage(1, LogLevel.Debug, "Worker {ProcessId} is ready after {Milliseconds:0} ms")]
    internal partial void Ready(int processId, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Worker {ProcessId} {How} while it ran {Item}")]
    internal partial void Died(int processId, string how, string item);

    [LoggerMessage(3, LogLevel.Error, "{Item} took down {Deaths} workers and is quarantined")]
    internal partial void Quarantined(string item, int deaths);

    [LoggerMessage(4, LogLevel.Debug, "Worker {ProcessId} is replaced: {Reason}")]
    internal partial void Recycled(int processId, string reason);

    [LoggerMessage(5, LogLevel.Warning, "A worker did not start: {Reason}")]
    internal partial void StartFailed(string reason);

    [LoggerMessage(6, LogLevel.Warning, "Too many workers died; the next one is started in {Milliseconds:0} ms")]
    internal partial void BackingOff(double milliseconds);

    [LoggerMessage(7, LogLevel.Information, "[{ProcessId}] {Line}")]
    internal partial void StandardOutput(int processId, string line);

    [LoggerMessage(8, LogLevel.Warning, "[{ProcessId}] {Line}")]
    internal partial void StandardError(int processId, string line);

    [LoggerMessage(9, LogLevel.Warning, "Worker {ProcessId} is killed: {Reason}")]
    internal partial void Killed(int processId, string reason);

    [LoggerMessage(10, LogLevel.Error, "The connection to worker {ProcessId} is broken: {Reason}")]
    internal partial void BrokenConnection(int processId, string reason);

    [LoggerMessage(11, LogLevel.Error, "The receiver of the progress of {Item} threw; the call goes on")]
    internal partial void ProgressFailed(Exception error, string item);
}
