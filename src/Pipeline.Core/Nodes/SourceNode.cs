namespace Pipeline.Core;

/// <summary>The first node: takes items from the user's source while there is room for them. Guarded by the run's gate.</summary>
internal sealed class SourceNode<T>(Scheduler scheduler, ItemSource<T> feed, StageQueue<T> queue)
    : EngineNode(scheduler, SourceName, workers: 1)
{
    private const string SourceName = "source";
    private readonly ChunkSize _chunk = new(scheduler.Run.Clock, unknown: 0);
    private SourceWorker<T>? _worker;
    private bool _isEnded; // no further item will come

    public StageQueue<T> Queue => queue;
    public ItemSource<T> Feed => feed;
    public TicketPool<T> Tickets { get; } = new(clears: scheduler.Run.Journal is not null);
    public override bool IsWaiting => _worker is { IsWaiting: true };
    public override bool IsComplete => Account.Running == 0 && (_isEnded || Run.IsDraining);

    public override bool CanStart(long now) =>
        !_isEnded && Account.Running == 0 && queue.Room > 0 && Run.Ledger.RoomForItems > 0 && Run.Budget.HasRoomForAnother;

    public override double ExpectedCost => _chunk.Expect(Math.Min(queue.Room, Run.Ledger.RoomForItems));

    public override NodeWorker Begin(long now)
    {
        // Under a budget an item that may weigh something by itself is counted before the next one is taken.
        bool isFree = Run.Budget.LimitBytes is null || !ItemTraits<T>.MayBeWeighted;
        int items = isFree && !Run.IsSynchronous ? Math.Min(_chunk.Next, Math.Min(queue.Room, Run.Ledger.RoomForItems)) : 1;
        queue.Promise(items);
        Account.BeginTurn(now, 0);
        _worker ??= new SourceWorker<T>(this);
        _worker.Start(items, _chunk.Expect(items), Run.KeepsAccounts || _chunk.WantsTime(), now);
        return _worker;
    }

    public void EndTurn(int notFound, bool isAtEnd, long busy, int items)
    {
        _isEnded |= isAtEnd;
        queue.BreakPromise(notFound);
        if (items > 0)
            _chunk.Learn(busy, items);
    }

    public void Publish(ReadOnlySpan<T> items, ReadOnlySpan<Ticket?> tickets, long now)
    {
        Items += items.Length;
        queue.Append(items, tickets);
        queue.Consumer.OnInputChanged(now);
    }

    public override void OnInputChanged(long now)
    {
    }

    public override ValueTask DisposeWorkersAsync() => feed.DisposeAsync();
}
