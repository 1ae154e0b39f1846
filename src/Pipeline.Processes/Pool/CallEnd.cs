namespace Pipeline.Processes;

/// <summary>A call that ends without an answer.</summary>
/// <param name="Call">The call.</param>
/// <param name="Ending">Why.</param>
/// <param name="Death">How its worker ended; null when it had none.</param>
/// <param name="Start">The start that failed, when no worker starts.</param>
internal readonly record struct CallEnd(PoolCall Call, CallEnding Ending, WorkerDeath? Death = null, StartFailure? Start = null)
{
    /// <summary>Makes the error of what a disposed pool leaves undone.</summary>
    public static ObjectDisposedException Disposed() =>
        new("ProcessPool", "The process pool was disposed before the call ended. Await the calls before the pool is disposed.");

    /// <summary>Completes the call. Not under a lock.</summary>
    public void Complete()
    {
        if (Ending == CallEnding.Canceled)
            Call.SetCanceled();
        else
            Call.SetException(ToException());
    }

    private Exception ToException() => Ending switch
    {
        CallEnding.TimedOut => new WorkerTimeoutException(Call.Function.Name, Call.Item, Call.Deadline!.Value, Death!.ProcessId),
        CallEnding.NotStarted => Start!.ToException(),
        CallEnding.Quarantined => new WorkerCrashedException(Call.Function.Name, Call.Item, Call.Attempts, Call.Deaths, Death!),
        _ => Disposed(),
    };
}
