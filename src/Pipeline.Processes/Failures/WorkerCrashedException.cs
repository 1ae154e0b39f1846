namespace Pipeline.Processes;

/// <summary>Thrown when a call took down as many worker processes as it may. The pool goes on; only this call fails.</summary>
public sealed class WorkerCrashedException : Exception
{
    internal WorkerCrashedException(string function, string? item, int attempts, int deaths, WorkerDeath last)
        : base(Describe(function, item, deaths, last))
    {
        Function = function;
        Item = item;
        Attempts = attempts;
        WorkerDeaths = deaths;
        ProcessId = last.ProcessId;
        ExitCode = last.Exit.ExitCode;
        Signal = last.Exit.Signal;
        StandardErrorTail = last.ErrorTail;
    }

    /// <summary>Gets the function that was called.</summary>
    public string Function { get; }

    /// <summary>Gets what the caller said the call was about (<see cref="WorkerCallOptions.Item"/>).</summary>
    public string? Item { get; }

    /// <summary>Gets how often the call was started.</summary>
    public int Attempts { get; }

    /// <summary>Gets how many workers died while they ran this call.</summary>
    public int WorkerDeaths { get; }

    /// <summary>Gets the process id of the last of them.</summary>
    public int ProcessId { get; }

    /// <summary>Gets the exit code of the last worker.</summary>
    /// <value>Null when a signal ended it.</value>
    public int? ExitCode { get; }

    /// <summary>Gets the number of the signal that ended the last worker.</summary>
    /// <value>Null when it exited by itself, and on Windows.</value>
    public int? Signal { get; }

    /// <summary>Gets the end of what the last worker wrote to standard error.</summary>
    /// <value>At most <see cref="ProcessPoolOptions.StandardErrorTailBytes"/>; empty when it wrote nothing.</value>
    public string StandardErrorTail { get; }

    private static string Describe(string function, string? item, int deaths, WorkerDeath last)
    {
        string subject = item is null ? $"A call of '{function}'" : $"'{item}' (function '{function}')";
        string times = deaths == 1 ? "1 worker process" : $"{deaths} worker processes";
        string tail = last.ErrorTail.Length == 0
            ? " It wrote nothing to standard error."
            : $" The end of its standard error:{Environment.NewLine}{last.ErrorTail}";
        return $"{subject} took down {times} and is quarantined; the last one (process {last.ProcessId}) {last.How}.{tail}";
    }
}
