namespace Pipeline.Core;

/// <summary>A broadcast, which gives each item to all branches, or a route, which gives it to the branch that the item's key names.</summary>
/// <remarks>
/// Guarded by the run's gate. An item is split when every branch that gets it has room and the place where the branches meet has: that is
/// the back-pressure. The parts are older than their item, so with a budget they go first; their item never waits for them in a circle.
/// </remarks>
internal sealed class SplitNode<T>(Scheduler scheduler, StageSettings settings, Hop<T> input, bool isRoute, bool mayOvertake)
    : EngineNode<T>(scheduler, settings.Name, workers: 1, input)
{
    public const int Unmatched = -1;
    private const int MostItems = 32;
    private SplitWorker<T>? _worker;
    private bool _takesOneByOne; // written once before start

    public bool IsRoute => isRoute;

    public StageSettings Settings => settings;

    public Hop<T>[] Branches { get; private set; } = [];

    public Meeting Meeting { get; private set; } = null!;

    public override StageSettings Profile => settings;

    public override bool IsCounted => true;

    public override bool MakesTickets => true;

    /// <summary>Gives it its branches; called once, before the run starts.</summary>
    public void Connect(Hop<T>[] branches, Meeting meeting)
    {
        Branches = branches;
        Meeting = meeting;
        _takesOneByOne = Run.IsSynchronous || Run.Budget.LimitBytes is not null || branches.Any(branch => branch.Estimates);
        foreach (Hop<T> branch in branches)
            branch.Producers.Add(this);
    }

    public override bool CanStart(long now)
    {
        if (Account.Running > 0 || Input.Ready == 0)
            return false;
        Ticket front = Input.Front;
        if (CanSplit(front))
            return true;
        if (mayOvertake && Run.Budget.Oldest is { } oldest && oldest != front && CanSplit(oldest) && Input.TryBringForward(oldest))
            return true;
        Account.SetReason(now, IdleReason.Room);
        return false;
    }

    public override NodeWorker Begin(long now)
    {
        _worker ??= new SplitWorker<T>(this);
        int most = _takesOneByOne || isRoute ? 1 : Math.Clamp(Branches.Min(branch => branch.Room), 1, Math.Clamp(Meeting.Room(isHead: false), 1, MostItems));
        _worker.Prepare(most, out Span<T> values, out Span<Ticket?> tickets);
        int items = Input.Take(values, tickets);
        _worker.Start(items, Meeting.Reserve(items), now);
        Account.BeginTurn(now, Input.Ready);
        Input.SetProducersReason(now, IdleReason.Admission);
        return _worker;
    }

    public override void DrainTo(ICollection<object> values)
    {
        base.DrainTo(values);
        Meeting.DrainTo(values);
    }

    private bool CanSplit(Ticket ticket)
    {
        bool isHead = Run.Budget.IsHead(ticket);
        if (Meeting.Room(isHead) <= 0)
            return false;
        if (isRoute && (ticket.EstimateError is not null || (uint)ticket.KeyHash >= (uint)Branches.Length))
            return true; // it has no branch, or it is not here (the oldest may be anywhere)
        if (isRoute)
            return HasRoom(Branches[ticket.KeyHash], isHead);
        foreach (Hop<T> branch in Branches)
        {
            if (!HasRoom(branch, isHead))
                return false;
        }

        return true;
    }

    private static bool HasRoom(Hop<T> branch, bool isHead) => branch.Room + (isHead ? 1 : 0) > 0;
}
