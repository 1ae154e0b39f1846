namespace Pipeline.Core;

/// <summary>A one-to-many stage: each worker takes an item and gives out its parts in several turns, as room comes.</summary>
/// <remarks>
/// Guarded by the run's gate. A turn makes a few parts; what finds no room stays with the worker, which makes no more until it is gone.
/// In input order only the worker with the earliest item hands on; the others work ahead by at most the capacity of the next stage.
/// Parts are older than the item that they come from, so with a budget they go first and their item never waits for them in a circle. With a budget
/// a turn makes one part, because only then its weight is known (many of a type that has none), and begins only while the budget
/// is not used up, or no part of the item is in flight.
/// </remarks>
internal sealed class ExpandNode<TIn, TOut>(RunEngine run, StageSettings settings, int workers, Func<TIn, ItemSource<TOut>?> expand, Hop<TIn> input, Hop<TOut> output)
    : EngineNode(run, settings.Name, workers)
{
    private readonly List<ExpandWorker<TIn, TOut>> _active = []; // in the order of their items
    private readonly ChunkSize _chunk = new(run.Clock, unknown: double.PositiveInfinity);

    public StageSettings Settings => settings;

    public Func<TIn, ItemSource<TOut>?> Expand => expand;

    public Hop<TOut> Output => output;

    public override StageSettings Profile => settings;

    // One item may take several turns.
    public override long ItemsTaken => Items + Failures;

    public override bool IsCounted => true;

    public override IReadOnlyList<EngineNode> Producers => input.Producers;

    public override int Waiting => Math.Min(input.Ready, input.Capacity);

    public override int PeakWaiting => input.PeakWaiting;

    public override bool IsComplete => _active.Count == 0 && input.IsDone;

    public override Ticket? Next => input.Ready > 0 ? input.Front : null;

    public override double ExpectedCost => _chunk.Expect(1);

    public override bool CanStart(long now)
    {
        Flush(now);
        if (NextWorker() is not null)
            return true;
        if (input.Ready > 0 && _active.Count < Workers)
            Account.SetReason(now, output.Room <= 0 ? IdleReason.Room : IdleReason.Admission);
        return false;
    }

    public override NodeWorker Begin(long now)
    {
        ExpandWorker<TIn, TOut>? worker = NextWorker();
        if (worker is null || worker.HasNoItem)
        {
            worker ??= new ExpandWorker<TIn, TOut>(this);
            TIn value = default!;
            Ticket? ticket = null;
            input.Take(new Span<TIn>(ref value), new Span<Ticket?>(ref ticket));
            worker.Take(value, ticket!);
            _active.Add(worker);
        }

        bool isFree = Run.Budget.LimitBytes is null || !ItemTraits<TOut>.MayBeWeighted;
        worker.Start(isFree && !Run.TakesOneByOne ? Math.Clamp(output.Room, 1, _chunk.Next) : 1, now);
        Account.BeginTurn(now, input.Ready);
        input.SetProducersReason(now, IdleReason.Admission);
        return worker;
    }

    public void EndTurn(ExpandWorker<TIn, TOut> worker, long busy, int parts, long now)
    {
        if (parts > 0)
            _chunk.Learn(busy, parts);
        Flush(now);
    }

    public override void OnInputChanged(long now) => Account.Update(now, input.Ready);

    public override void DrainTo(ICollection<object> values)
    {
        foreach (ExpandWorker<TIn, TOut> worker in _active)
            worker.DrainTo(values);
        input.DrainTo(values);
    }

    public override async ValueTask DisposeWorkersAsync()
    {
        foreach (ExpandWorker<TIn, TOut> worker in _active)
            await worker.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Hands on parts for which there is room, and ends items that gave all of theirs.</summary>
    public void Flush(long now)
    {
        for (int i = 0; i < _active.Count; i++)
        {
            ExpandWorker<TIn, TOut> worker = _active[i];
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

    /// <summary>Finds who may make parts: a worker with an item and nothing in its hands, or a new one for the next item.</summary>
    private ExpandWorker<TIn, TOut>? NextWorker()
    {
        for (int i = 0; i < _active.Count; i++)
        {
            ExpandWorker<TIn, TOut> worker = _active[i];
            bool isAhead = settings.Order == StageOrder.Input && i > 0;
            if (worker.MayGoOn && (isAhead ? worker.Made < output.Capacity : worker.Made == 0 && output.Room > 0) && HasBudget(worker))
                return worker;
        }

        return _active.Count < Workers && input.Ready > 0 && output.Room > 0 && Run.Budget.Admits(input.Front, neededBytes: 0) ? new ExpandWorker<TIn, TOut>(this) : null;
    }

    /// <summary>
    /// Says whether the budget lets a worker make another part. One that has none in flight always may: then nothing that it waits for hangs on what
    /// stands still elsewhere, also while the source waits and the run cannot tell that it stands still. In front of a batch parts wait for later ones, so
    /// there nothing is refused.
    /// </summary>
    private bool HasBudget(ExpandWorker<TIn, TOut> worker) => IsBeforeCollector || Run.Budget.HasRoomForAnother || Run.Budget.IsHead(worker.Ticket!) || worker.HasNoParts;
}
