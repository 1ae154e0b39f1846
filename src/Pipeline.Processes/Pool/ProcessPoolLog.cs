using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Pipeline.Processes;

/// <summary>All log lines of a process pool.</summary>
internal sealed partial class ProcessPoolLog(ILogger? logger)
{
    private readonly ILogger _logger = logger ?? NullLogger.Instance;

    /// <summary>Writes down what was decided.</summary>
    public void Write(RareActions actions)
    {
        if (actions.Starts.Delay > TimeSpan.Zero)
            BackingOff(actions.Starts.Delay.TotalMilliseconds);
        if (actions.FailedStart is { } failure)
            StartFailed(failure.Reason);
        foreach ((PoolWorker worker, string? reason) in actions.Kills)
        {
            if (reason is not null)
                Killed(worker.ProcessId, reason);
        }

        foreach ((PoolWorker worker, string? reason) in actions.Dismissals)
        {
            if (reason is not null)
                Recycled(worker.ProcessId, reason);
        }

        foreach ((PoolCall call, WorkerDeath death) in actions.Deaths)
            Died(death.ProcessId, death.How, call.Subject);
        foreach (CallEnd end in actions.Ends)
        {
            if (end.Ending == CallEnding.Quarantined)
                Quarantined(end.Call.Subject, end.Call.Deaths);
        }
    }

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
