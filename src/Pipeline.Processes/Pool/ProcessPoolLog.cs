using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Pipeline.Processes;

/// <summary>All log lines of a process pool.</summary>
internal sealed partial class ProcessPoolLog(ILogger? logger)
{
    private readonly ILogger _logger = logger ?? NullLogger.Instance;

    [LoggerMessage(1, LogLevel.Debug, "Worker {ProcessId} is ready after {Milliseconds:0} ms")]
    public partial void Ready(int processId, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Worker {ProcessId} {How} while it ran {Item}")]
    public partial void Died(int processId, string how, string item);

    [LoggerMessage(3, LogLevel.Error, "{Item} took down {Deaths} workers and is quarantined")]
    public partial void Quarantined(string item, int deaths);

    [LoggerMessage(4, LogLevel.Debug, "Worker {ProcessId} is replaced: {Reason}")]
    public partial void Recycled(int processId, string reason);

    [LoggerMessage(5, LogLevel.Warning, "A worker did not start: {Reason}")]
    public partial void StartFailed(string reason);

    [LoggerMessage(6, LogLevel.Warning, "Too many workers died; the next one is started in {Milliseconds:0} ms")]
    public partial void BackingOff(double milliseconds);

    [LoggerMessage(7, LogLevel.Information, "[{ProcessId}] {Line}")]
    public partial void StandardOutput(int processId, string line);

    [LoggerMessage(8, LogLevel.Warning, "[{ProcessId}] {Line}")]
    public partial void StandardError(int processId, string line);

    [LoggerMessage(9, LogLevel.Warning, "Worker {ProcessId} is killed: {Reason}")]
    public partial void Killed(int processId, string reason);

    [LoggerMessage(10, LogLevel.Error, "The connection to worker {ProcessId} is broken: {Reason}")]
    public partial void BrokenConnection(int processId, string reason);

    [LoggerMessage(11, LogLevel.Error, "The receiver of the progress of {Item} threw; the call goes on")]
    public partial void ProgressFailed(Exception error, string item);
}
