namespace Pipeline.Core;

/// <summary>Makes the parts of one item; see <see cref="ExpandNode{TIn, TOut}"/>. Lives as long as the item is being split.</summary>
internal sealed class ExpandWorker<TIn, TOut>(ExpandNode<TIn, TOut> node) : NodeWorker(node)
{
    private readonly Queue<(TOut Value, Ticket Ticket, long Weight)> _made = new(); // written by the turn; between turns guarded by the run's gate
    private TIn _item = default!;
    private Ticket? _ticket;
    private ItemSource<TOut>? _parts;
    private ValueTask<bool> _pending;
    private bool _isPending;
    private Task? _pendingDelay;
    private Task? _closing;
    private bool _isRunning;
    private bool _isAtEnd;
    private bool _isUnfinished;
    private int _attempt = 1;
    private int _wanted;
    private int _count;
    private bool _hasMadeAny;
    private long _turnStart;
    private long _stamp;
    private long _busy;
    private long _held;
    private long _itemBusy; // over all turns of the item
    private long _waited; // before the item was taken; -1 when it is not measured
    private Exception? _error; // that failed the item

    public bool HasNoItem => _ticket is null;

    public Ticket? Ticket => _ticket;

    /// <summary>Gets a value indicating whether none of the parts made so far is in flight.</summary>
    public bool HasNoParts => _made.Count == 0 && _ticket!.LiveParts == 0;

    public int Made => _made.Count;

    public bool MayGoOn => !_isRunning && !_isAtEnd;

    public bool IsOver => !_isRunning && _isAtEnd && _made.Count == 0;

    public bool IsFailed { get; private set; }

    public void Take(TIn item, Ticket ticket)
    {
        _item = item;
        _ticket = ticket;
        ticket.BeginSplit();
        _waited = node.Run.Instruments.MeasuresWaits && ticket.ArrivedAt != 0 ? node.Run.Now - ticket.ArrivedAt : -1;
    }

    public void Start(int wanted, long now)
    {
        _isRunning = true;
        _wanted = wanted;
        _count = 0;
        _turnStart = now;
        _busy = _held = 0;
    }

    public override bool Run()
    {
        if (_pendingDelay is not null)
        {
            _held += node.Run.Now - _stamp;
            _pendingDelay = null;
        }

        if (!_isPending && _closing is null)
            _stamp = node.Run.Now;
        try
        {
            if (_closing is null && !MakeParts())
                return false;
        }
        catch (Exception error)
        {
            if (!Judge(error))
                return false;
        }

        if (_isAtEnd && _closing is null)
        {
            // The parts are all there, so the enumeration and the item itself are no longer needed.
            _closing = CloseAsync().AsTask();
            if (!_closing.IsCompleted)
            {
                ResumeAfter(_closing);
                return false;
            }
        }

        if (_closing is { IsFaulted: true } && !IsFailed && !_isUnfinished)
        {
            IsFailed = true;
            _error = _closing.Exception.InnerException!;
            node.Run.Fail(node, node.Settings.OnFailure, _ticket!, item: null, _attempt, _error);
        }

        _busy += node.Run.Now - _stamp;
        _itemBusy += _busy;
        if (_isAtEnd && !_isUnfinished)
            node.Run.Instruments.Record(node, items: 1, _itemBusy, _waited, _error is null ? 0 : 1, _error);
        return true;
    }

    public override void End(long now)
    {
        _isRunning = false;
        node.Account.EndTurn(now, _turnStart, _busy, _held);
        node.Run.ObserveUnsynchronized(node, worker: 0, _ticket!.Sequence, 1, _busy, _turnStart, now);
        Charge();
        node.EndTurn(this, _busy, _count, now);
    }

    public override void Rescue(long now)
    {
    }

    /// <summary>Hands on parts while there is room; under the gate.</summary>
    public void Flush(long now)
    {
        if (_isRunning || node.Output.Room <= 0 || _made.Count == 0)
            return;
        while (node.Output.Room > 0 && _made.TryDequeue(out (TOut Value, Ticket Ticket, long Weight) part))
        {
            _ticket!.LiveParts++;
            node.Output.Promise(1);
            node.Output.Append([part.Value], [part.Ticket]);
        }

        node.Run.NoteHandedOnUnsynchronized();
        node.Output.Consumer.OnInputChanged(now);
    }

    /// <summary>Charges the parts of the turn, whether or not there is room for them already; under the gate.</summary>
    private void Charge()
    {
        int older = _made.Count - _count;
        foreach ((_, Ticket ticket, long weight) in _made)
        {
            if (older-- > 0)
                continue;
            node.Run.Budget.EnterBefore(ticket, _ticket!);
            if (weight > 0)
                node.Run.Budget.Charge(ticket, weight);
        }
    }

    /// <summary>Ends the item; it lives on until its parts are finished. Under the gate.</summary>
    public void Finish(long now)
    {
        Ticket ticket = _ticket!;
        node.Run.Budget.Leave(ticket);
        if (IsFailed || _isUnfinished)
            ticket.MergeOutcome(_isUnfinished ? ItemOutcome.Unfinished : ItemOutcome.Failed);
        ticket.IsSplitting = false;
        node.Run.TryFinishSplitUnsynchronized(ticket, now);
    }

    public void DrainTo(ICollection<object> values)
    {
        foreach ((TOut value, _, _) in _made)
            values.Add(value!);
        _made.Clear();
    }

    /// <summary>Disposes the enumeration and the item.</summary>
    public async ValueTask CloseAsync()
    {
        ItemSource<TOut>? parts = _parts;
        TIn item = _item;
        _parts = null;
        _item = default!;
        try
        {
            if (parts is not null)
                await parts.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception) when (IsFailed || node.Run.IsStopping)
        {
            // The item has failed already, for a better reason.
        }
        finally
        {
            node.Run.DisposeItem(item);
        }
    }

    private bool MakeParts()
    {
        while (_isPending || (_count < _wanted && !_isAtEnd))
        {
            if (!_isPending)
            {
                node.Run.ThrowIfStopping();
                _parts ??= node.Expand(_item) ?? throw new InvalidOperationException($"Stage '{node.Name}' returned null for item {_ticket!.Sequence}. Return an empty sequence instead.");
                _pending = _parts.MoveNextAsync(node.Run.Cancellation);
                if (!_pending.IsCompleted)
                {
                    _isPending = true;
                    ResumeAfter(_pending);
                    return false;
                }
            }

            ValueTask<bool> over = _pending;
            _isPending = false;
            _pending = default;
            _isAtEnd = !over.GetAwaiter().GetResult();
            if (!_isAtEnd)
                Accept(_parts!.Current);
        }

        return true;
    }

    private void Accept(TOut part)
    {
        if (part is null)
            throw new InvalidOperationException($"Stage '{node.Name}' gave null as a part of item {_ticket!.Sequence}. A part must not be null.");
        PartTicket ticket = new(_ticket!);
        node.Output.Estimate(part, ticket);
        _made.Enqueue((part, ticket, part is IWeighted weighted ? Math.Max(0, weighted.WeightBytes) : 0));
        _hasMadeAny = true;
        _count++;
    }

    /// <summary>Decides what follows a failure.</summary>
    /// <returns>False when the next attempt waits.</returns>
    private bool Judge(Exception error)
    {
        if (node.Run.IsStopping && error is OperationCanceledException)
        {
            _isUnfinished = _isAtEnd = true;
            return true;
        }

        FailurePolicy policy = node.Settings.OnFailure;
        if (_attempt < policy.MaxAttempts && !_hasMadeAny && !node.Run.IsStopping)
        {
            TimeSpan delay = RetryDelay.Of(policy, _attempt++);
            node.Run.CountRetry(node);
            node.Run.DisposeItem(_parts);
            _parts = null; // the next attempt makes its own
            if (delay == TimeSpan.Zero)
                return true;
            long now = node.Run.Now;
            _busy += now - _stamp;
            _stamp = now;
            _pendingDelay = Task.Delay(delay, node.Run.Clock, node.Run.Cancellation);
            node.Run.ReleaseProcessor(this);
            ResumeAfter(_pendingDelay);
            return false;
        }

        IsFailed = _isAtEnd = true;
        _error = error;
        node.Run.Fail(node, policy, _ticket!, _item is IDisposable or IAsyncDisposable ? null : _item, _attempt, error);
        return true;
    }
}
