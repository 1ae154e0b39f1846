namespace Pipeline.Core;

/// <summary>A broadcast, which gives each item to all branches, or a route, which gives it to the branch that the item's key names.</summary>
/// <remarks>Guarded by the run's gate. An item is split when every branch that gets it has room and the place where the branches meet has: that is the
/// back-pressure. The parts are older than their item, so with a budget they go first; their item never waits for them in a circle.</remarks>
internal sealed class BranchNode<T>(Scheduler scheduler, StageSettings settings, StageQueue<T> input, bool isRoute, bool mayOvertake)
    : EngineNode<T>(scheduler, settings.Name, workers: 1, input)
{
    public const int Unmatched = -1;
    private const int MostItems = 32;
    private BranchWorker<T>? _worker;
    private bool _takesOneByOne; // written once before start

    public bool IsRoute => isRoute;
    public StageSettings Settings => settings;
    public StageQueue<T>[] Branches { get; private set; } = [];
    public MeetingPoint MeetingPoint { get; private set; } = null!;
    public override StageSettings Profile => settings;
    public override bool CountsAgainstWorkers => true;
    public override bool MakesTickets => true;

    /// <summary>Gives it its branches; called once, before the run starts.</summary>
    public void Connect(StageQueue<T>[] branches, MeetingPoint meetingPoint)
    {
        Branches = branches;
        MeetingPoint = meetingPoint;
        _takesOneByOne = Run.IsSynchronous || Run.Budget.LimitBytes is not null || branches.Any(branch => branch.Estimates);
        foreach (StageQueue<T> branch in branches)
            branch.Producers.Add(this);
    }

    public override bool CanStart(long now)
    {
        if (Account.Running > 0 || Input.Ready == 0)
            return false;
        Ticket front = Input.Front;
        if (CanBranch(front))
            return true;
        if (mayOvertake && Run.Budget.Oldest is { } oldest && oldest != front && CanBranch(oldest) && Input.TryBringForward(oldest))
            return true;
        Account.SetReason(now, IdleReason.Room);
        return false;
    }

    public override NodeWorker Begin(long now)
    {
        _worker ??= new BranchWorker<T>(this);
        int most = _takesOneByOne || isRoute ? 1
            : Math.Clamp(Branches.Min(branch => branch.Room), 1, Math.Clamp(MeetingPoint.Room(isHead: false), 1, MostItems));
        _worker.Prepare(most, out Span<T> values, out Span<Ticket?> tickets);
        int items = Input.Take(values, tickets);
        _worker.Start(items, MeetingPoint.Reserve(items), now);
        Account.BeginTurn(now, Input.Ready);
        Input.SetProducersReason(now, IdleReason.Admission);
        return _worker;
    }

    public override void DrainTo(ICollection<object> values)
    {
        base.DrainTo(values);
        MeetingPoint.DrainTo(values);
    }

    private bool CanBranch(Ticket ticket)
    {
        bool isHead = Run.Budget.IsHead(ticket);
        if (MeetingPoint.Room(isHead) <= 0)
            return false;
        if (isRoute && (ticket.EstimateError is not null || (uint)ticket.KeyHash >= (uint)Branches.Length))
            return true; // it has no branch, or it is not here (the oldest may be anywhere)
        if (isRoute)
            return HasRoom(Branches[ticket.KeyHash], isHead);
        foreach (StageQueue<T> branch in Branches)
        {
            if (!HasRoom(branch, isHead))
                return false;
        }

        return true;
    }

    private static bool HasRoom(StageQueue<T> branch, bool isHead) => branch.Room + (isHead ? 1 : 0) > 0;
}
