namespace Pipeline.Core;

/// <summary>The attempts that a worker makes at an item: their time limit, what follows when one fails, and the wait before the next. Used by the worker's
/// thread.</summary>
internal sealed class ItemAttempts(NodeWorker worker, StageSettings settings)
{
    private readonly EngineNode _node = worker.Node;
    private TimeSpan _delay; // before the next attempt
    private Task? _wait; // until the next attempt, while it is under way
    private CancellationTokenSource? _timeout; // of the attempt, when attempts have a limit
    private CancellationTokenRegistration _timeoutRegistration;

    public int Number = 1; // of the attempt at hand

    public bool IsWaiting => _wait is not null; // whether the turn waits for its next attempt, or goes on after such a wait

    /// <summary>Decides what follows a failure of the stage's code. Counts the retry if there is one.</summary>
    /// <param name="error">What the code threw.</param>
    /// <param name="mayRetry">False when another attempt makes no sense: the code took the item over, or handed on some of its parts.</param>
    public AfterFailure Judge(Exception error, bool mayRetry)
    {
        RunContext run = _node.Run;
        if (run.IsStopping && error is OperationCanceledException)
            return AfterFailure.LeaveUnfinished;
        if (Number >= settings.OnFailure.MaxAttempts || !mayRetry || run.IsStopping)
            return AfterFailure.Fail;
        _delay = settings.OnFailure.DelayAfter(Number++);
        run.Ledger.CountRetry(_node);
        return _delay == TimeSpan.Zero ? AfterFailure.TryNow : AfterFailure.TryLater;
    }

    /// <summary>Gives the processor back and has the turn resumed when it is time for the next attempt. The caller touches nothing afterwards.</summary>
    public void WaitForNext()
    {
        Task wait = Task.Delay(_delay, _node.Run.Clock, _node.Run.Cancellation);
        _wait = wait;
        _node.Scheduler.ReleaseProcessor(worker);
        worker.ResumeAfter(wait);
    }

    /// <summary>Ends the wait that is over, if there was one.</summary>
    /// <exception cref="OperationCanceledException">The run stopped meanwhile.</exception>
    public void EndWait()
    {
        if (_wait is not { } wait)
            return;
        _wait = null;
        wait.GetAwaiter().GetResult();
    }

    /// <summary>Makes the token of an attempt that has a time limit.</summary>
    public CancellationToken StartTimeout()
    {
        EndTimeout();
        _timeout = new CancellationTokenSource(settings.ItemTimeout!.Value, _node.Run.Clock);
        _timeoutRegistration = _node.Run.Cancellation.UnsafeRegister(
            static timeout => ((CancellationTokenSource)timeout!).Cancel(), _timeout);
        return _timeout.Token;
    }

    public void EndTimeout()
    {
        _timeoutRegistration.Dispose();
        _timeout?.Dispose();
        _timeout = null;
    }

    /// <summary>Gives the error of an attempt: a <see cref="TimeoutException"/> when its time limit canceled it.</summary>
    public Exception Explain(Exception error, long sequence) =>
        error is OperationCanceledException && _timeout is { IsCancellationRequested: true } && !_node.Run.IsStopping
        ? new TimeoutException($"Stage '{_node.Name}' took longer than {settings.ItemTimeout} on item {sequence}. Raise " +
            "StageOptions.ItemTimeout, or retry with FailurePolicy.WithRetry.", error)
        : error;
}
