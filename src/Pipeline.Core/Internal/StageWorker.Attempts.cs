namespace Pipeline.Core;

/// <content>Time limits, failures and retries.</content>
internal sealed partial class StageWorker<TIn, TOut>
{
    private Exception? _lastError; // of an item of the turn that failed for good
    private int _failed; // items of the turn that failed for good
    private int _attempt;
    private Task? _pendingDelay;
    private CancellationTokenSource? _timeout; // of the attempt, when attempts have a limit
    private CancellationTokenRegistration _timeoutRegistration;

    private enum AfterFailure
    {
        GiveUp,
        TryNow,
        TryLater,
    }

    /// <summary>Makes the token of an attempt that has a time limit.</summary>
    private CancellationToken StartTimeout()
    {
        EndTimeout();
        _timeout = new CancellationTokenSource(node.Settings.ItemTimeout!.Value, node.Run.Clock);
        _timeoutRegistration = node.Run.Cancellation.UnsafeRegister(static timeout => ((CancellationTokenSource)timeout!).Cancel(), _timeout);
        return _timeout.Token;
    }

    private void EndTimeout()
    {
        _timeoutRegistration.Dispose();
        _timeout?.Dispose();
        _timeout = null;
    }

    private AfterFailure Judge(Exception error)
    {
        if (error is OperationCanceledException && _timeout is { IsCancellationRequested: true } && !node.Run.IsStopping)
            error = new TimeoutException($"Stage '{node.Name}' took longer than {node.Settings.ItemTimeout} on item {Ticket.Sequence}. Raise StageOptions.ItemTimeout, or retry with FailurePolicy.WithRetry.", error);
        if (node.Run.IsStopping && error is OperationCanceledException)
        {
            Release();
            Drop(ItemOutcome.Unfinished);
            return AfterFailure.GiveUp;
        }

        FailurePolicy policy = node.Settings.OnFailure;
        if (_attempt < policy.MaxAttempts && !_isTakenOver && !(node.HasEstimateErrors && Ticket.EstimateError is not null) && !node.Run.IsStopping)
        {
            TimeSpan delay = RetryDelay.Of(policy, _attempt);
            _attempt++;
            node.Run.CountRetry(node);
            if (delay == TimeSpan.Zero)
                return AfterFailure.TryNow;
            StopClock();
            KeepOnlyThis();
            _pendingDelay = Task.Delay(delay, node.Run.Clock, node.Run.Cancellation);
            node.Run.ReleaseProcessor(this);
            ResumeAfter(_pendingDelay);
            return AfterFailure.TryLater;
        }

        object? item = _isTakenOver || Item is IDisposable or IAsyncDisposable ? null : Item;
        Release();
        Drop(ItemOutcome.Failed);
        _lastError = error;
        _failed++;
        if (_begun > 0 && policy.MaxFailureRate is not null)
            node.Run.Ask(() => PublishUpTo(_begun, node.Run.StampUnsynchronized())); // the rate counts what succeeded before
        node.Run.Fail(node, policy, Ticket, item, _attempt, error);
        return AfterFailure.GiveUp;
    }

    /// <summary>Disposes what the run owns of the item at hand: the item before the body took it over, the result afterwards.</summary>
    private void Release()
    {
        if (!_isTakenOver)
            node.Run.DisposeItem(Item);
        else
            node.Run.DisposeItem(_results[_begun]);
        _results[_begun] = default!;
        Item = default!;
    }
}
