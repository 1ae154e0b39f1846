namespace Pipeline.Core;

/// <summary>HoldsItemsBack items into batches: by count, by bytes, by time since the first, at the end of the input.</summary>
/// <remarks>Guarded by the run's gate, the timer included: it only says that the batch is due. No thread ever waits for an item with a time-out, which is where
/// batching loses items elsewhere. Items move into the batch only when there is room for the batch, so what waits is bounded by the capacity and one
/// batch.</remarks>
internal sealed class BatchNode<T>(
    Scheduler scheduler, StageSettings settings, BatchOptions limits, StageQueue<T> input, StageQueue<Batch<T>> output)
    : EngineNode<T>(scheduler, settings.Name, workers: 1, input)
{
    private List<T> _values = [];
    private List<Ticket> _tickets = [];
    private long _bytes;
    private bool _isDue;
    private ITimer? _timer;
    private BatchWorker<T>? _worker;

    public StageQueue<Batch<T>> Output => output;
    public override StageSettings Profile => settings;
    public override bool CountsAgainstWorkers => true;

    // Its turns take no time and are not observed.
    public override long ItemsTaken => Items;
    public override bool MakesTickets => true;
    public override bool IsComplete => _values.Count == 0 && base.IsComplete;
    public override bool HoldsItemsBack => true;

    public override bool CanStart(long now)
    {
        if (Account.Running > 0)
            return false;
        Gather(now);
        if (_values.Count == 0)
            return false;
        bool isFull = _isDue || IsFull || Input.IsDone;
        if (isFull && output.Room > 0)
            return true;
        if (isFull)
            Account.SetReason(now, IdleReason.Room);
        return false;
    }

    public override NodeWorker Begin(long now)
    {
        output.Promise(1);
        Account.BeginTurn(now, Input.Ready);
        _worker ??= new BatchWorker<T>(this);
        _worker.Start(_values, _tickets, now);
        _values = [];
        _tickets = [];
        _bytes = 0;
        _isDue = false;
        return _worker;
    }

    public override bool TryUnstall()
    {
        // Members wait for more, and more waits for the members' memory: give out what is there.
        if (_values.Count == 0 || _isDue || output.Room <= 0)
            return false;
        _isDue = true;
        return true;
    }

    public override void DrainTo(ICollection<object> values)
    {
        foreach (T value in _values)
            values.Add(value!);
        _values = [];
        base.DrainTo(values);
    }

    public override async ValueTask DisposeWorkersAsync()
    {
        if (_timer is not null)
            await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private bool IsFull => _values.Count >= limits.MaxItems || _bytes >= limits.MaxBytes;

    private void Gather(long now)
    {
        while (Input.Ready > 0 && !IsFull)
        {
            T value = default!;
            Ticket? ticket = null;
            Input.Take(new Span<T>(ref value), new Span<Ticket?>(ref ticket));
            if (_values.Count == 0 && limits.MaxWait is { } wait)
                StartTimer(wait);
            _values.Add(value);
            _tickets.Add(ticket!);
            _bytes += ticket!.ChargedBytes;
            Account.Update(now, Input.Ready);
        }
    }

    private void StartTimer(TimeSpan wait)
    {
        _timer ??= Run.Clock.CreateTimer(
            static node => ((BatchNode<T>)node!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The first item has waited long enough. A late call for a batch that has gone makes the next one early, which is allowed.</summary>
    private void OnTime() => Scheduler.ChangeUnderGate(() => _isDue = _values.Count > 0);
}
