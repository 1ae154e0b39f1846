using System.Runtime.ExceptionServices;

namespace Pipeline.Core.Internal;

/// <summary>One worker of a stage: runs the body on one item per turn, with its attempts.</summary>
internal sealed class StageWorker<TIn, TOut>(StageNode<TIn, TOut> node, int index) : NodeWorker(node)
{
    private IStageWorker<TIn, TOut>? _body;
    private Slot<TIn> _item;
    private Slot<TOut> _result;
    private ItemOutcome _outcome;
    private long _weight;
    private int _attempt;
    private bool _isTakenOver; // the body returned, so the item is no longer the run's
    private ValueTask<TOut> _pendingBody;
    private Task? _pendingDelay;
    private bool _isBodyPending;
    private long _turnStart;
    private long _stamp;
    private long _busy;
    private long _held;

    internal void Start(in Slot<TIn> item, long now)
    {
        _item = item;
        _attempt = 1;
        _isTakenOver = false;
        _weight = -1;
        _turnStart = now;
        _busy = _held = 0;
    }

    internal override bool Run()
    {
        while (true)
        {
            try
            {
                if (!TryProcess(out TOut? result))
                    return false;
                Accept(result);
                return true;
            }
            catch (Exception error)
            {
                // Whatever user code throws becomes a retry, a reported failure or the end of the run.
                StopClock();
                AfterFailure next = Judge(error);
                if (next != AfterFailure.TryNow)
                    return next == AfterFailure.GiveUp;
            }
        }
    }

    internal override void End(long now)
    {
        node.Account.EndTurn(now, _turnStart, _busy, _held);
        node.Run.ObserveUnsynchronized(node, index, _item.Ticket!.Sequence, _busy, _turnStart, now);
        if (_weight >= 0)
            node.Run.Budget.Charge(_item.Ticket!, _weight);
        Slot<TOut> result = _result;
        result.Ticket = _item.Ticket;
        _result = default;
        _item = default;
        node.EndTurn(this, result, _outcome, now);
    }

    internal async ValueTask DisposeBodyAsync()
    {
        if (_body is not null)
            await _body.DisposeAsync().ConfigureAwait(false);
    }

    private bool TryProcess(out TOut result)
    {
        ValueTask<TOut> task;
        if (_isBodyPending)
        {
            task = _pendingBody;
            _isBodyPending = false;
            _pendingBody = default;
        }
        else
        {
            if (_pendingDelay is { } delay)
            {
                _pendingDelay = null;
                _held += node.Run.Now - _stamp;
                _stamp = node.Run.Now;
                delay.GetAwaiter().GetResult(); // it is over; throws when the run stopped meanwhile
            }

            _stamp = node.Run.Now;
            node.Run.ThrowIfStopping();
            if (_item.Ticket!.EstimateError is { } error)
                ExceptionDispatchInfo.Throw(error);
            _body ??= node.Stage.CreateWorker(new StageWorkerContext(node.Run.PipelineName, node.Name, index, node.Run.Cancellation))
                ?? throw new InvalidOperationException($"Stage '{node.Name}' returned null from CreateWorker. Return a worker object.");
            task = _body.ProcessAsync(_item.Value, node.Run.Cancellation);
            if (!task.IsCompleted)
            {
                _pendingBody = task;
                _isBodyPending = true;
                result = default!;
                ResumeAfter(task);
                return false;
            }
        }

        result = task.GetAwaiter().GetResult();
        return true;
    }

    private void Accept(TOut result)
    {
        StopClock();
        _isTakenOver = true;
        if (result is null)
            throw new InvalidOperationException($"Stage '{node.Name}' returned null for item {_item.Ticket!.Sequence}. A result must not be null.");
        _result.Value = result;
        if (ItemTraits<TOut>.MayBeWeighted && result is IWeighted weighted)
            _weight = Math.Max(0, weighted.WeightBytes);
        node.Output.Hop?.Estimate(result, _item.Ticket!);
        _outcome = ItemOutcome.Completed;
    }

    private void StopClock()
    {
        long now = node.Run.Now;
        _busy += now - _stamp;
        _stamp = now;
    }

    private AfterFailure Judge(Exception error)
    {
        if (node.Run.IsStopping && error is OperationCanceledException)
        {
            _outcome = ItemOutcome.Unfinished;
            Release();
            return AfterFailure.GiveUp;
        }

        FailurePolicy policy = node.Settings.OnFailure;
        if (_attempt < policy.MaxAttempts && !_isTakenOver && _item.Ticket!.EstimateError is null && !node.Run.IsStopping)
        {
            TimeSpan delay = RetryDelay.Of(policy, _attempt);
            _attempt++;
            node.Run.CountRetry(node);
            if (delay == TimeSpan.Zero)
                return AfterFailure.TryNow;
            _pendingDelay = Task.Delay(delay, node.Run.Clock, node.Run.Cancellation);
            node.Run.ReleaseProcessor(this);
            ResumeAfter(_pendingDelay);
            return AfterFailure.TryLater;
        }

        object? item = _isTakenOver || _item.Value is IDisposable or IAsyncDisposable ? null : _item.Value;
        Release();
        _outcome = ItemOutcome.Failed;
        node.Run.Fail(node, policy, _item.Ticket!, item, _attempt, error);
        return AfterFailure.GiveUp;
    }

    private void Release()
    {
        if (!_isTakenOver)
            node.Run.DisposeItem(_item.Value);
        else
            node.Run.DisposeItem(_result.Value);
        _result = default;
        _item.Value = default!;
    }

    private enum AfterFailure
    {
        GiveUp,
        TryNow,
        TryLater,
    }
}
