using System.Runtime.CompilerServices;

namespace Pipeline.Core;

/// <summary>Takes items from the user's source while there is room for them.</summary>
internal sealed class SourceNode<T>(RunEngine run, ItemSource<T> feed, Hop<T> hop) : SourceNode(run)
{
    private readonly ChunkSize _chunk = new(run.Clock, unknown: 0);
    private SourceWorker<T>? _worker;
    private Ticket?[] _free = new Ticket[ChunkSize.Most]; // tickets for reuse, as a stack
    private int _freeCount;

    public Hop<T> Hop => hop;

    public ItemSource<T> Feed => feed;

    public override bool IsWaiting => _worker is { IsWaiting: true };

    public override bool CanStart(long now) =>
        !IsEnded && Account.Running == 0 && hop.Room > 0 && Run.RoomForItems > 0 && Run.Budget.HasRoomForAnother;

    public override double ExpectedCost => _chunk.Expect(Math.Min(hop.Room, Run.RoomForItems));

    public override NodeWorker Begin(long now)
    {
        // Under a budget an item that may weigh something by itself is counted before the next one is taken.
        bool isFree = Run.Budget.LimitBytes is null || !ItemTraits<T>.MayBeWeighted;
        int items = isFree && !Run.TakesOneByOne ? Math.Min(_chunk.Next, Math.Min(hop.Room, Run.RoomForItems)) : 1;
        hop.Promise(items);
        Account.BeginTurn(now, 0);
        _worker ??= new SourceWorker<T>(this);
        _worker.Start(items, _chunk.Expect(items), Run.KeepsAccounts || _chunk.WantsTime(), now);
        return _worker;
    }

    public void EndTurn(int notFound, bool isAtEnd, long busy, int items)
    {
        IsEnded |= isAtEnd;
        hop.BreakPromise(notFound);
        if (items > 0)
            _chunk.Learn(busy, items);
    }

    public void Publish(ReadOnlySpan<T> items, ReadOnlySpan<Ticket?> tickets, long now)
    {
        Items += items.Length;
        hop.Append(items, tickets);
        hop.Consumer.OnInputChanged(now);
    }

    /// <summary>Fills places with tickets that nobody uses.</summary>
    public void TakeTickets(Span<Ticket?> tickets)
    {
        int reused = Math.Min(_freeCount, tickets.Length);
        _freeCount -= reused;
        _free.AsSpan(_freeCount, reused).CopyTo(tickets);
        for (int i = reused; i < tickets.Length; i++)
            tickets[i] = new Ticket<T>();
    }

    public override void Recycle(ReadOnlySpan<Ticket?> tickets)
    {
        // A ticket that keeps nothing alive stays untouched until its next item: reading them all from memory would take longer than the rest of this.
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>() || Run.Journal is not null)
        {
            foreach (Ticket? ticket in tickets)
                ((Ticket<T>)ticket!).Clear();
        }

        if (_free.Length < _freeCount + tickets.Length)
            Array.Resize(ref _free, Math.Max(2 * _free.Length, _freeCount + tickets.Length));
        tickets.CopyTo(_free.AsSpan(_freeCount));
        _freeCount += tickets.Length;
    }

    public override ValueTask DisposeWorkersAsync() => feed.DisposeAsync();
}
