namespace Pipeline.Processes;

/// <summary>
/// What decisions ask for besides calls to send. <see cref="Supervisor"/> carries it out in the order of the members: first what frees a processor, then what
/// keeps workers busy, then what callers wait for.
/// </summary>
internal sealed class RareActions
{
    /// <summary>Gets workers to kill, and why; null when the pool ends.</summary>
    public List<(PoolWorker Worker, string? Reason)> Kills { get; } = [];

    /// <summary>Gets how many workers to start.</summary>
    public StartsDue Starts { get; private set; }

    /// <summary>Gets or sets a value indicating whether to look soon for calls behind a stuck one (<see cref="Dispatcher.RevokeBehindStuck"/>).</summary>
    public bool ChecksForStuck { get; set; }

    /// <summary>Gets idle workers that get no more calls and may clean up, and why; null when the pool ends.</summary>
    public List<(PoolWorker Worker, string? Reason)> Dismissals { get; } = [];

    /// <summary>Gets spares that rehearse functions.</summary>
    public List<(PoolWorker Spare, PoolFunction[] Functions)> Rehearsals { get; } = [];

    /// <summary>Gets or sets the start that failed; null for none.</summary>
    public StartFailure? FailedStart { get; set; }

    /// <summary>Gets calls that ran in a worker that died, for the log.</summary>
    public List<(PoolCall Call, WorkerDeath Death)> Deaths { get; } = [];

    /// <summary>Gets calls that end without an answer.</summary>
    public List<CallEnd> Ends { get; } = [];

    /// <summary>Gets what waits for the pool to be ready.</summary>
    public List<TaskCompletionSource> Waiters { get; } = [];

    /// <summary>Gets what makes the error of the waiters; null when the pool is ready.</summary>
    public Func<Exception>? WaitersError { get; private set; }

    /// <summary>Gets or sets a value indicating whether the pool is closed and its last worker gone.</summary>
    public bool IsLastGone { get; set; }

    /// <summary>Adds to what is due: one event may free several places.</summary>
    public void Start(StartsDue due) => Starts = new StartsDue(
        Starts.Count + due.Count, due.Delay > Starts.Delay ? due.Delay : Starts.Delay, Starts.IsUrgent || due.IsUrgent);

    /// <summary>Takes waiters out of their list.</summary>
    public void Tell(List<TaskCompletionSource> waiters, Func<Exception>? error)
    {
        Waiters.AddRange(waiters);
        WaitersError = error;
        waiters.Clear();
    }
}
