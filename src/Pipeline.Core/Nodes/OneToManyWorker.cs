namespace Pipeline.Core;

/// <summary>Makes the parts of one item; see <see cref="OneToManyNode{TIn, TOut}"/>. Lives as long as the item is being split.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The run calls CloseAsync.")]
internal sealed class OneToManyWorker<TIn, TOut> : NodeWorker
{
    private readonly OneToManyNode<TIn, TOut> _node;
    private readonly Ticket _ticket;
    private readonly ItemAttempts _attempts;
    private readonly Queue<(TOut Value, Ticket Ticket, long Weight)> _made = new(); // by the turn; between turns guarded by the run's gate
    private TIn _item;
    private ItemSource<TOut>? _parts;
    private ValueTask<bool> _pending;
    private bool _isPending;
    private Task? _closing;
    private bool _isRunning;
    private bool _isAtEnd;
    private bool _isUnfinished;
    private int _wanted;
    private int _count;
    private bool _hasMadeAny;
    private long _turnStart;
    private long _stamp;
    private long _busy;
    private long _held;
    private long _itemBusy; // over all turns of the item
    private readonly long _waited; // before the item was taken; -1 when it is not measured
    private Exception? _error; // that failed the item

    public OneToManyWorker(OneToManyNode<TIn, TOut> node, TIn item, Ticket ticket)
        : base(node)
    {
        _node = node;
        _attempts = new ItemAttempts(this, node.Settings);
        _item = item;
        _ticket = ticket;
        ticket.BeginParts();
        _waited = _node.Run.Instruments.MeasuresWaits && ticket.ArrivedAt != 0 ? _node.Run.Now - ticket.ArrivedAt : -1;
    }

    public Ticket Ticket => _ticket;
    public bool HasNoParts => _made.Count == 0 && _ticket.LiveParts == 0; // whether none of the parts made so far is in flight
    public int Made => _made.Count;
    public bool MayGoOn => !_isRunning && !_isAtEnd;
    public bool IsOver => !_isRunning && _isAtEnd && _made.Count == 0;
    public bool IsFailed { get; private set; }

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
        if (_attempts.IsWaiting)
            _held += _node.Run.Now - _stamp;
        if (!_isPending && _closing is null)
            _stamp = _node.Run.Now;
        try
        {
            _attempts.EndWait();
            if (_closing is null && !MakeParts())
                return false;
        }
        catch (Exception error)
        {
            if (!Recover(error))
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
            _node.Run.Ledger.Fail(_node, _node.Settings.OnFailure, _ticket, item: null, _attempts.Number, _error);
        }

        _busy += _node.Run.Now - _stamp;
        _itemBusy += _busy;
        if (_isAtEnd && !_isUnfinished)
            _node.Record(items: 1, _itemBusy, _waited, _error is null ? 0 : 1, _error);
        return true;
    }

    public override void End(long now)
    {
        _isRunning = false;
        _node.Account.EndTurn(now, _turnStart, _busy, _held);
        _node.ObserveUnsynchronized(worker: 0, _ticket.Sequence, 1, _busy, _turnStart, now);
        Charge();
        _node.EndTurn(this, _busy, _count, now);
    }

    /// <summary>Hands on parts while there is room; under the gate.</summary>
    public void Flush(long now)
    {
        if (_isRunning || _node.Output.Room <= 0 || _made.Count == 0)
            return;
        while (_node.Output.Room > 0 && _made.TryDequeue(out (TOut Value, Ticket Ticket, long Weight) part))
        {
            _ticket.LiveParts++;
            _node.Output.Promise(1);
            _node.Output.Append([part.Value], [part.Ticket]);
        }

        _node.Scheduler.NoteHandedOnUnsynchronized();
        _node.Output.Consumer.OnInputChanged(now);
    }

    /// <summary>Charges the parts of the turn, whether or not there is room for them already; under the gate.</summary>
    private void Charge()
    {
        int older = _made.Count - _count;
        foreach ((_, Ticket ticket, long weight) in _made)
        {
            if (older-- > 0)
                continue;
            _node.Run.Budget.EnterBefore(ticket, _ticket);
            if (weight > 0)
                _node.Run.Budget.Charge(ticket, weight);
        }
    }

    /// <summary>Ends the item; it lives on until its parts are finished. Under the gate.</summary>
    public void Finish(long now)
    {
        Ticket ticket = _ticket;
        _node.Run.Budget.Leave(ticket);
        if (IsFailed || _isUnfinished)
            ticket.MergeOutcome(_isUnfinished ? ItemOutcome.Unfinished : ItemOutcome.Failed);
        ticket.IsMakingParts = false;
        _node.Run.Ledger.TryFinishWholeUnsynchronized(ticket, now);
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
        catch (Exception) when (IsFailed || _node.Run.IsStopping)
        {
            // The item has failed already, for a better reason.
        }
        finally
        {
            _node.Run.Ledger.DisposeItem(item);
        }
    }

    private bool MakeParts()
    {
        while (_isPending || (_count < _wanted && !_isAtEnd))
        {
            if (!_isPending)
            {
                if (_node.Run.IsStopping)
                    throw new OperationCanceledException(_node.Run.Cancellation);
                _parts ??= _node.Expand(_item) ?? throw new InvalidOperationException(
                    $"Stage '{_node.Name}' returned null for item {_ticket.Sequence}. Return an empty sequence instead.");
                _pending = _parts.MoveNextAsync(_node.Run.Cancellation);
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
        {
            throw new InvalidOperationException(
                $"Stage '{_node.Name}' gave null as a part of item {_ticket.Sequence}. A part must not be null.");
        }

        PartTicket ticket = new(_ticket);
        _node.Output.Estimate(part, ticket);
        _made.Enqueue((part, ticket, part is IWeighted weighted ? Math.Max(0, weighted.WeightBytes) : 0));
        _hasMadeAny = true;
        _count++;
    }

    /// <summary>Ends the item after a failure, or makes ready for its next attempt.</summary>
    /// <returns>False when the next attempt waits.</returns>
    private bool Recover(Exception error)
    {
        AfterFailure next = _attempts.Judge(error, mayRetry: !_hasMadeAny);
        switch (next)
        {
            case AfterFailure.TryNow or AfterFailure.TryLater:
                _node.Run.Ledger.DisposeItem(_parts);
                _parts = null; // the next attempt makes its own
                if (next == AfterFailure.TryNow)
                    return true;
                long now = _node.Run.Now;
                _busy += now - _stamp;
                _stamp = now;
                _attempts.WaitForNext();
                return false;
            case AfterFailure.LeaveUnfinished:
                _isUnfinished = _isAtEnd = true;
                return true;
            default:
                IsFailed = _isAtEnd = true;
                _error = error;
                object? item = Disposal.IsDisposable(_item) ? null : _item;
                _node.Run.Ledger.Fail(_node, _node.Settings.OnFailure, _ticket, item, _attempts.Number, error);
                return true;
        }
    }
}
