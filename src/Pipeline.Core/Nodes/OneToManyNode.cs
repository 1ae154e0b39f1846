namespace Pipeline.Core;

/// <summary>A one-to-many stage: each worker takes an item and gives out its parts in several turns, as room comes.</summary>
/// <remarks>Guarded by the run's gate. A turn makes a few parts; what finds no room stays with the worker, which makes no more until it is gone. In input order
/// only the worker with the earliest item hands on; the others work ahead by at most the capacity of the next stage. Parts are older than the item that they
/// come from, so with a budget they go first and their item never waits for them in a circle. With a budget a turn makes one part, because only then its weight
/// is known (many of a type that has none), and begins only while the budget is not used up, or no part of the item is in flight.</remarks>
internal sealed class OneToManyNode<TIn, TOut>(
    Scheduler scheduler, StageSettings settings, int workers, Func<TIn, ItemSource<TOut>?> expand, StageQueue<TIn> input,
    StageQueue<TOut> output)
    : EngineNode<TIn>(scheduler, settings.Name, workers, input)
{
    private readonly List<OneToManyWorker<TIn, TOut>> _active = []; // in the order of their items
    private readonly ChunkSize _chunk = new(scheduler.Run.Clock, unknown: double.PositiveInfinity);

    public StageSettings Settings => settings;
    public Func<TIn, ItemSource<TOut>?> Expand => expand;
    public StageQueue<TOut> Output => output;
    public override StageSettings Profile => settings;

    // One item may take several turns.
    public override long ItemsTaken => Items + Failures;
    public override bool CountsAgainstWorkers => true;
    public override bool MakesTickets => true;
    public override bool IsComplete => _active.Count == 0 && Input.IsDone;
    public override Ticket? Next => Input.Ready > 0 ? Input.Front : null;
    public override double ExpectedCost => _chunk.Expect(1);

    public override bool CanStart(long now)
    {
        Flush(now);
        if (IdleWorker() is not null || MayTake())
            return true;
        if (Input.Ready > 0 && _active.Count < Workers)
            Account.SetReason(now, output.Room <= 0 ? IdleReason.Room : IdleReason.Admission);
        return false;
    }

    public override NodeWorker Begin(long now)
    {
        OneToManyWorker<TIn, TOut>? worker = IdleWorker();
        if (worker is null)
        {
            TIn value = default!;
            Ticket? ticket = null;
            Input.Take(new Span<TIn>(ref value), new Span<Ticket?>(ref ticket));
            worker = new OneToManyWorker<TIn, TOut>(this, value, ticket!);
            _active.Add(worker);
        }

        bool isFree = Run.Budget.LimitBytes is null || !ItemTraits<TOut>.MayBeWeighted;
        worker.Start(isFree && !Run.IsSynchronous ? Math.Clamp(output.Room, 1, _chunk.Next) : 1, now);
        Account.BeginTurn(now, Input.Ready);
        Input.SetProducersReason(now, IdleReason.Admission);
        return worker;
    }

    public void EndTurn(OneToManyWorker<TIn, TOut> worker, long busy, int parts, long now)
    {
        if (parts > 0)
            _chunk.Learn(busy, parts);
        Flush(now);
    }

    public override void DrainTo(ICollection<object> values)
    {
        foreach (OneToManyWorker<TIn, TOut> worker in _active)
            worker.DrainTo(values);
        base.DrainTo(values);
    }

    public override async ValueTask DisposeWorkersAsync()
    {
        foreach (OneToManyWorker<TIn, TOut> worker in _active)
            await worker.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Hands on parts for which there is room, and ends items that gave all of theirs.</summary>
    public void Flush(long now)
    {
        for (int i = 0; i < _active.Count; i++)
        {
            OneToManyWorker<TIn, TOut> worker = _active[i];
            worker.Flush(now);
            if (worker.IsOver)
            {
                _active.RemoveAt(i--);
                worker.Finish(now);
                Items += worker.IsFailed ? 0 : 1;
            }
            else if (settings.Order == StageOrder.Input)
            {
                break;
            }
        }
    }

    /// <summary>Finds a worker that may make parts of its item: one with nothing in its hands, or ahead of its turn in the order.</summary>
    private OneToManyWorker<TIn, TOut>? IdleWorker()
    {
        for (int i = 0; i < _active.Count; i++)
        {
            OneToManyWorker<TIn, TOut> worker = _active[i];
            bool isAhead = settings.Order == StageOrder.Input && i > 0;
            if (worker.MayGoOn && (isAhead ? worker.Made < output.Capacity : worker.Made == 0 && output.Room > 0) && HasBudget(worker))
                return worker;
        }

        return null;
    }

    /// <summary>Says whether a new worker may take the next item.</summary>
    private bool MayTake() => _active.Count < Workers && Input.Ready > 0 && output.Room > 0
        && Run.Budget.Admits(Input.Front, neededBytes: 0);

    /// <summary>Says whether the budget lets a worker make another part. One that has none in flight always may: then nothing that it waits for hangs on what
    /// stands still elsewhere, also while the source waits and the run cannot tell that it stands still. In front of a batch parts wait for later ones, so
    /// there nothing is refused.</summary>
    private bool HasBudget(OneToManyWorker<TIn, TOut> worker) =>
        IsBeforeHoldBack || Run.Budget.HasRoomForAnother || Run.Budget.IsHead(worker.Ticket) || worker.HasNoParts;
}
