using System.Runtime.ExceptionServices;

namespace Pipeline.Core;

/// <summary>One worker of a stage: runs the body on the items of its turn, each with its attempts.</summary>
/// <remarks>Used by one thread at a time, but for what <see cref="StageTurn{TIn, TOut}"/> says.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The run calls DisposeBodyAsync.")]
internal sealed class StageWorker<TIn, TOut> : NodeWorker
{
    private readonly StageNode<TIn, TOut> _node;
    private readonly RunContext _run;
    private readonly int _index;
    private readonly StageTurn<TIn, TOut> _turn;
    private readonly ItemAttempts _attempts;
    private StageBody<TIn, TOut>? _body; // made with the first item
    private ValueTask<TOut> _pendingBody;
    private bool _isBodyPending;
    private Exception? _lastError; // of an item of the turn that failed for good
    private int _failed; // items of the turn that failed for good
    private long _turnStart;
    private long _stamp;
    private long _busy;
    private long _held;
    private long _waited; // before the turn, summed over its items; -1 when it is not measured
    private long _bodyStart; // of the item, while the stage is made slower on purpose
    private long _awaitStart; // of a body that waits, while the run calibrates
    private long _awaited; // by bodies of the turn, while the run calibrates
    private Activity? _activity; // of the turn, while a listener samples it

    public StageWorker(StageNode<TIn, TOut> node, int index)
        : base(node)
    {
        _node = node;
        _run = node.Run;
        _index = index;
        _turn = new StageTurn<TIn, TOut>(node);
        _attempts = new ItemAttempts(this, node.Settings);
    }

    /// <summary>Gets or sets the key of its item, in a keyed stage. Guarded by the run's gate.</summary>
    public int KeyHash { get; set; }

    public bool IsTimed { get; private set; } // whether the turn takes time stamps

    /// <summary>Gives the places for up to so many items; under the gate, before <see cref="Start"/>.</summary>
    public void Prepare(int most, out Span<TIn> values, out Span<Ticket?> tickets) => _turn.Prepare(most, out values, out tickets);

    public void Start(int items, long position, double expectedCost, bool isTimed, long now)
    {
        _turn.Start(items, position);
        IsTimed = isTimed;
        ExpectedCost = expectedCost;
        IsChunk = items > 1;
        IsSeen = false;
        _attempts.Number = 1;
        _lastError = null;
        _failed = 0;
        _turnStart = now;
        EndedAt = isTimed ? 0 : now; // what runs nothing takes no time
        _busy = _held = _awaited = 0;
        _waited = _run.Instruments.MeasuresWaits ? _turn.Waited(_run.Now) : -1;
    }

    public override bool Run()
    {
        if (_run.Activity is not { } run)
            return RunTurn();
        Activity? before = Activity.Current;
        if (_turn.Begun == 0 && !_isBodyPending && !_attempts.IsWaiting)
            _activity = StageActivity.Start(_run.PipelineName, _node.Name, run, _turn.Count);
        else
            Activity.Current = _activity;
        bool isOver = RunTurn();
        if (isOver && _activity is not null)
            StageActivity.End(_activity, _lastError);
        Activity.Current = before;
        return isOver;
    }

    public override void End(long now)
    {
        _turn.PublishAll(now);
        _node.Account.EndTurn(now, _turnStart, _busy, _held);
        _node.Awaited += _awaited;
        if (IsTimed)
            _node.ObserveUnsynchronized(_index, _turn.Sequence, _turn.Count, _busy, _turnStart, now);
        _node.EndTurn(this, _busy, _turn.Count);
    }

    public override void Revoke(long now) => _turn.Revoke(now);

    public async ValueTask DisposeBodyAsync()
    {
        _attempts.EndTimeout();
        if (_body is not null)
            await _body.Worker.DisposeAsync().ConfigureAwait(false);
    }

    private bool RunTurn()
    {
        if (!_isBodyPending)
            ContinueClock();
        while (true)
        {
            try
            {
                if (!ProcessItems())
                    return false;
                StopClock();
                _node.Record(_turn.Count, _busy, _waited, _failed, _lastError);
                return true;
            }
            catch (Exception error)
            {
                // Every exception of user code becomes a retry, a reported failure or the end of the run.
                if (!Recover(_attempts.Explain(error, _turn.Ticket.Sequence)))
                    return false;
            }
        }
    }

    /// <summary>Runs the body on the items that are left.</summary>
    /// <returns>False when a body waits for something asynchronous.</returns>
    private bool ProcessItems()
    {
        if (_isBodyPending)
        {
            if (_run.IsCalibrating)
                _awaited += _run.Now - _awaitStart;
            ValueTask<TOut> over = _pendingBody;
            _isBodyPending = false;
            _pendingBody = default;
            Accept(over.GetAwaiter().GetResult());
        }
        else
        {
            _attempts.EndWait();
        }

        // Behind an item that was tried again the others go the usual way, which counts attempts
        if (_attempts.Number == 1 && _body?.Function is { } function)
        {
            _turn.ApplyToAll(function);
        }
        else if (_body?.Sink is { } sink && !_turn.HandAllTo(sink, out ValueTask pending))
        {
            WaitFor((ValueTask<TOut>)(object)SinkStage<TIn>.Await(pending));
            return false;
        }

        while (_turn.OwnsItem())
        {
            if (_run.IsStopping)
                throw new OperationCanceledException(_run.Cancellation);
            if (_node.HasEstimateErrors && _turn.Ticket.EstimateError is { } error)
                ExceptionDispatchInfo.Throw(error);
            if (_node.SlowDown > 0)
                _bodyStart = Stopwatch.GetTimestamp();
            _body ??= new StageBody<TIn, TOut>(_node, _index);
            ValueTask<TOut> task = _body.Worker.ProcessAsync(
                _turn.Item, _node.Settings.ItemTimeout is null ? _run.Cancellation : _attempts.StartTimeout());
            if (!task.IsCompleted)
            {
                WaitFor(task);
                return false;
            }

            Accept(task.GetAwaiter().GetResult());
        }

        return true;
    }

    private void WaitFor(ValueTask<TOut> task)
    {
        // The others must not wait for this one.
        if (_turn.Count > 1)
            _turn.RevokeOthers();
        if (_run.IsCalibrating)
            _awaitStart = _run.Now;
        _pendingBody = task;
        _isBodyPending = true;
        ResumeAfter(task);
    }

    private void Accept(TOut result)
    {
        _turn.Accept(result, _body!.Dropper?.Dropped);
        Prolong();
        Advance();
    }

    private void Advance()
    {
        _attempts.Number = 1;
        _turn.Advance();
    }

    /// <summary>Ends the item at hand after a failure, or goes on with its next attempt.</summary>
    /// <returns>False when the next attempt waits.</returns>
    private bool Recover(Exception error)
    {
        bool mayRetry = !_turn.IsTakenOver && !(_node.HasEstimateErrors && _turn.Ticket.EstimateError is not null);
        switch (_attempts.Judge(error, mayRetry))
        {
            case AfterFailure.TryNow:
                return true;
            case AfterFailure.TryLater:
                StopClock();
                _turn.RevokeOthers();
                _attempts.WaitForNext();
                return false;
            case AfterFailure.LeaveUnfinished:
                _turn.Drop(ItemOutcome.Unfinished);
                break;
            default:
                Fail(error);
                break;
        }

        Advance();
        return true;
    }

    private void Fail(Exception error)
    {
        object? item = _turn.IsTakenOver || Disposal.IsDisposable(_turn.Item) ? null : _turn.Item;
        _turn.Drop(ItemOutcome.Failed);
        _lastError = error;
        _failed++;
        FailurePolicy policy = _node.Settings.OnFailure;
        if (_turn.Begun > 0 && policy.MaxFailureRate is not null)
            _turn.PublishBefore(); // the rate counts what succeeded before
        _run.Ledger.Fail(_node, policy, _turn.Ticket, item, _attempts.Number, error);
    }

    private void ContinueClock()
    {
        if (!IsTimed)
            return;
        long now = _run.Now;
        if (_attempts.IsWaiting)
            _held += now - _stamp;
        _stamp = now;
    }

    private void StopClock()
    {
        if (!IsTimed)
            return;
        long now = _run.Now;
        _busy += now - _stamp;
        _stamp = EndedAt = now;
    }

    /// <summary>Computes for a share of what the item took, when the run is an experiment. Real time, whichever clock the run has: it is about work.</summary>
    private void Prolong()
    {
        if (_node.SlowDown <= 0)
            return;
        long now = Stopwatch.GetTimestamp();
        long end = now + (long)((now - _bodyStart) * _node.SlowDown);
        while (Stopwatch.GetTimestamp() < end && !_run.IsStopping)
            Thread.SpinWait(20);
    }
}
