using System.Runtime.ExceptionServices;

namespace Pipeline.Core;

/// <summary>A stage, or the sink when it has no output: turns items into results, one for one.</summary>
/// <remarks>Order: results of an ordered stage go to positions of its output that were reserved when their items entered the ordered region. The region is the
/// stage itself and the unordered stages directly before it; the first of them reserves, the last one places. So an unordered stage may overtake freely inside
/// the region, and still the region gives out in the order in which it took in.</remarks>
internal sealed class StageNode<TIn, TOut>(
    Scheduler scheduler, StageSettings settings, int workers, IStage<TIn, TOut> stage, StageQueue<TIn> input, StageOutput<TIn, TOut> output)
    : EngineNode<TIn>(scheduler, settings.Name, workers, input)
{
    private readonly Stack<StageWorker<TIn, TOut>> _idle = new();
    private readonly List<StageWorker<TIn, TOut>> _created = [];
    // Items that an inspection revoked: not begun, but with their room and position already
    private readonly Queue<(TIn Value, Ticket Ticket)> _revoked = new();
    private readonly ChunkSize _chunk = new(scheduler.Run.Clock, unknown: settings.CountsAgainstWorkers ? double.PositiveInfinity : 0);
    private readonly bool _runsNothing = stage is SinkStage<TIn> { IsEmpty: true };

    private (TIn[] Values, Ticket?[] Tickets)? _passed; // places for what a node that runs nothing lets through

    private readonly HashSet<int> _runningKeys = []; // of a keyed stage
    private readonly HashSet<int> _seenKeys = []; // only inside TryBringFreeKeyForward

    public StageSettings Settings => settings;
    public override StageSettings Profile => settings;
    private bool IsKeyed => settings.IsKeyed;
    public IStage<TIn, TOut> Stage => stage;
    public StageOutput<TIn, TOut> Output => output;

    /// <summary>Gets a value indicating whether tickets that arrive here may carry the exception of an estimator or key function.</summary>
    public bool HasEstimateErrors => Estimates || IsKeyed;

    public bool Estimates { get; } = stage is IWeightEstimator<TIn>; // whether tickets that arrive here carry an estimate
    public override bool GivesOnePerItem => stage is not FilterStage<TIn>;
    public override bool CountsAgainstWorkers => settings.CountsAgainstWorkers;
    public override double SlowDown { get; } = settings.CountsAgainstWorkers && scheduler.Run.Settings.SlowDown is { } slow
        && slow.Stage == settings.Name ? slow.Share : 0;
    public override int Waiting => Math.Min(Input.Ready + _revoked.Count, Input.Capacity);
    public override bool IsComplete => Account.Running == 0 && _revoked.Count == 0 && Input.IsDone;

    public override bool CanStart(long now)
    {
        if (Account.Running == Workers)
            return false;
        if (_revoked.Count > 0)
            return true;
        if (Input.Ready == 0 || (IsKeyed && !TryBringFreeKeyForward()))
            return false;
        Ticket front = Input.Front;
        if (CanStart(front, out IdleReason reason))
            return true;

        // Behind an unordered stage the oldest item may stand behind items that are refused; it goes first (see MemoryBudget).
        if (output.MayOvertake && !IsKeyed && Run.Budget.Oldest is { } oldest && oldest != front && CanStart(oldest, out _)
            && Input.TryBringForward(oldest))
            return true;
        Account.SetReason(now, reason);
        return false;
    }

    public override Ticket? Next => Input.Ready > 0 && Account.Running < Workers ? Input.Front : null;
    public override bool RunsLow => Workers > 1 && Input.Ready <= Input.Capacity / 2;
    public override double ExpectedCost => _chunk.Expect(Input.Ready + _revoked.Count);

    public override NodeWorker Begin(long now)
    {
        if (!_idle.TryPop(out StageWorker<TIn, TOut>? worker))
        {
            worker = new StageWorker<TIn, TOut>(this, _created.Count);
            _created.Add(worker);
        }

        if (_revoked.TryDequeue(out (TIn Value, Ticket Ticket) returned))
        {
            worker.Prepare(1, out Span<TIn> values, out Span<Ticket?> tickets);
            values[0] = returned.Value;
            tickets[0] = returned.Ticket;
            worker.Start(1, output.PositionOf(returned.Ticket), _chunk.Expect(1), IsTimed(), now);
        }
        else
        {
            int most = ItemsOfTurn();
            worker.Prepare(most, out Span<TIn> values, out Span<Ticket?> tickets);
            int items = Input.Take(values, tickets);
            tickets = tickets[..items];
            Input.MeetingPoint?.Pass(tickets);
            if (Estimates)
            {
                foreach (Ticket? ticket in tickets)
                    Run.Budget.Reserve(ticket!);
            }

            if (IsKeyed)
                _runningKeys.Add(worker.KeyHash = tickets[0]!.KeyHash);
            worker.Start(items, output.Reserve(tickets), _chunk.Expect(items), IsTimed(), now);
        }

        Account.BeginTurn(now, Input.Ready + _revoked.Count);
        Input.SetProducersReason(now, IdleReason.Admission);
        return worker;
    }

    public void EndTurn(StageWorker<TIn, TOut> worker, long busy, int items)
    {
        _idle.Push(worker);
        if (IsKeyed)
            _runningKeys.Remove(worker.KeyHash);
        if (items > 0 && worker.IsTimed)
            _chunk.Learn(busy, items);
    }

    /// <summary>Says how many items a worker takes now: a budget admits them one by one, and so do keys.</summary>
    private int ItemsOfTurn()
    {
        if (Run.Budget.LimitBytes is not null || IsKeyed || Run.IsSynchronous)
            return 1;

        // Waiting items are shared among the idle workers; when they are the last, among all, so that they end together. Room is shared among all: if one
        // took what is left, the others would wait for it.
        int workers = Math.Min(Workers, Run.BodyLimit);
        int room = output.Room(isHead: false, hasPosition: false, out _);
        int sharers = Input.HasLast ? workers : Math.Max(1, workers - Account.Running);
        int share = Math.Min(_chunk.ShareOf(Input.Ready, sharers), _chunk.ShareOf(room, workers));
        return Math.Clamp(room, 1, share);
    }

    private bool IsTimed() => (Run.KeepsAccounts && !_runsNothing) || Run.Instruments.WantTimes || _chunk.WantsTime();

    /// <summary>Hands on what a worker finished.</summary>
    public void Publish(ReadOnlySpan<TOut> results, ReadOnlySpan<Ticket?> tickets, long position, long now)
    {
        Items += results.Length;
        if (output.Queue is not null)
        {
            output.Put(results, tickets, position, now);
            output.Queue.Consumer.PassThrough(now);
            return;
        }

        Run.Ledger.CompleteUnsynchronized(tickets, now);
    }

    /// <summary>Ends an item that gives no result.</summary>
    public void Drop(Ticket ticket, ItemOutcome outcome, long position, long now)
    {
        if (outcome == ItemOutcome.Skipped)
            LeftOut++;
        output.PutGap(ticket, position, now);
        Run.Ledger.FinishUnsynchronized(ticket, outcome, now);
    }

    /// <summary>Takes back an item that a worker took and did not begin.</summary>
    public void TakeBack(TIn value, Ticket ticket) => _revoked.Enqueue((value, ticket));

    public override void OnInputChanged(long now) => Account.Update(now, Input.Ready + _revoked.Count);

    public override void PassThrough(long now)
    {
        // Listeners are told of each turn, and a run on one thread has a turn for each item.
        if (!_runsNothing || Run.IsStopping || Run.IsSynchronous || Run.Activity is not null || Run.Instruments.IsHeard
            || Account.Running > 0 || _revoked.Count > 0)
            return;
        _passed ??= (new TIn[ChunkSize.Most], new Ticket[ChunkSize.Most]);
        (TIn[] values, Ticket?[] tickets) = _passed.Value;
        while (Input.Ready > 0)
        {
            int items = Input.Take(values, tickets);
            Items += items;
            Run.Ledger.CompleteUnsynchronized(tickets.AsSpan(0, items), now);
        }

        Input.SetProducersReason(now, IdleReason.Admission);
    }

    public override void DrainTo(ICollection<object> values)
    {
        foreach ((TIn value, _) in _revoked)
            values.Add(value!);
        _revoked.Clear();
        base.DrainTo(values);
    }

    public override async ValueTask DisposeWorkersAsync()
    {
        Exception? first = null;
        foreach (StageWorker<TIn, TOut> worker in _created)
        {
            try
            {
                await worker.DisposeBodyAsync().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                first ??= error; // the others own something too
            }
        }

        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>Brings the first item forward whose key no worker works on and no earlier item has. Keys with the same hash count as one.</summary>
    private bool TryBringFreeKeyForward()
    {
        _seenKeys.Clear();
        for (int i = 0; i < Input.Ready; i++)
        {
            Ticket ticket = Input.Peek(i);
            if (ticket == Ticket.Gap || !_seenKeys.Add(ticket.KeyHash) || _runningKeys.Contains(ticket.KeyHash))
                continue;
            if (!TryReserveUpTo(i))
                return false;
            if (i > 0)
                Input.BringForward(i);
            return true;
        }

        return false;
    }

    /// <summary>Takes the positions of items in the order in which they came, before one of them goes first because its key is free.</summary>
    private bool TryReserveUpTo(int item)
    {
        for (int i = 0; i <= item; i++)
        {
            Ticket ticket = Input.Peek(i);
            if (ticket != Ticket.Gap && !output.TryReserveBefore(ticket))
                return false;
        }

        return true;
    }

    private bool CanStart(Ticket ticket, out IdleReason reason)
    {
        if (output.Room(Run.Budget.IsHead(ticket), ticket.HasExitPosition, out reason) <= 0)
            return false;
        reason = IdleReason.Admission;
        return !output.HasQueue || Run.Budget.Admits(ticket, Estimates ? ticket.NeededBytes : 0); // the sink only frees memory
    }
}
