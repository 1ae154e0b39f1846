namespace Pipeline.Core;

/// <summary>Finds turns for the carrier threads of one run.</summary>
/// <remarks>
/// Locking rule: everything is guarded by the run's gate, but for what is written once before the run starts. Public methods without <c>Unsynchronized</c> take
/// the gate.
/// <para>
/// A carrier thread enters the gate, ends the turn that it ran, looks for the next body that may start (the latest stage first, so items finish before new ones
/// begin), leaves the gate and runs it. A body that waits asynchronously gives the thread back but keeps its place among <see cref="RunOptions.Workers"/>.
/// Carriers are threads that do nothing else (<see cref="CarrierThread"/>), so bodies that compute for seconds starve neither timers nor the program's thread
/// pool. They are started when there is work for one more.
/// </para>
/// </remarks>
internal sealed class Scheduler
{
    public readonly RunContext Run;
    private readonly object _gate;
    private readonly double _worthWaking; // in time stamps
    private readonly CarrierCrew _crew;
    private readonly TurnInspector _inspector;
    private readonly WorkerTuner? _tuner;
    private readonly StallBreaker _stall;
    private readonly Action _ended;
    private readonly Queue<NodeWorker> _resumed = new();
    private EngineNode[] _nodes = []; // in order of flow; written once before start
    private EngineNode _source = null!; // written once before start
    private int _turns; // that began and did not end
    private int _bodies; // those that count against Workers
    private bool _handedOn; // since the nodes were asked last whether they may start

    /// <param name="run">The run.</param>
    /// <param name="tuner">Decides the number of workers; null when the run does not calibrate.</param>
    /// <param name="ended">Called by the last carrier when the run is over, outside the gate.</param>
    public Scheduler(RunContext run, WorkerTuner? tuner, Action ended)
    {
        Run = run;
        _gate = run.Gate;
        _worthWaking = 20e-6 * run.Clock.TimestampFrequency;
        _crew = new CarrierCrew(run, () => Carry());
        _inspector = new TurnInspector(run, _crew, HasMoreUnsynchronized);
        _tuner = tuner;
        _stall = new StallBreaker(run);
        _ended = ended;
    }

    /// <summary>Gives it the nodes, in order of flow; called once, before the run starts.</summary>
    public void Prepare(EngineNode[] nodes)
    {
        _nodes = nodes;
        _source = nodes[0];
    }

    /// <summary>Gets ready to start carriers, one for each worker and each node beside the stages.</summary>
    public void Begin() => _crew.Begin(Run.Settings.MostThreads + _nodes.Count(node => !node.CountsAgainstWorkers && node.Workers > 0));

    /// <summary>Starts the first carrier.</summary>
    public void Start() => _crew.StartFirst();

    /// <summary>Carries the run on the calling thread until it is over.</summary>
    public void CarryHere()
    {
        _crew.BeginHere();
        while (!Carry())
            _crew.WaitForCall();
    }

    /// <summary>Lets go of everything outside the run, when it is over.</summary>
    public void End()
    {
        _crew.Forget();
        _inspector.End();
    }

    /// <summary>Puts a worker whose asynchronous wait is over back into line. Called from any thread.</summary>
    public void Resume(NodeWorker worker) => ChangeUnderGate(worker, static (scheduler, worker) =>
    {
        scheduler._resumed.Enqueue(worker);
        return true;
    });

    /// <summary>Gives a worker's processor to others while it waits for its next attempt.</summary>
    public void ReleaseProcessor(NodeWorker worker)
    {
        if (!worker.Node.CountsAgainstWorkers)
            return;
        ChangeUnderGate(worker, static (scheduler, worker) =>
        {
            worker.NeedsProcessor = true;
            scheduler._bodies--;
            return true;
        });
    }

    /// <summary>Makes a change under the gate that may let bodies start, from a thread that is no carrier.</summary>
    public void ChangeUnderGate(Action change) => ChangeUnderGate(change, static (scheduler, change) =>
    {
        change();
        return scheduler.HasMoreUnsynchronized();
    });

    /// <summary>Makes a change under the gate and starts another carrier, outside it, when the change gave it something to do.</summary>
    /// <param name="change">Makes the change, and returns whether a carrier has to look at it.</param>
    /// <returns>What the change returned.</returns>
    public bool ChangeUnderGate(Func<bool> change) => ChangeUnderGate(change, static (_, change) => change());

    /// <summary>Takes the next result for a consumer that is no carrier.</summary>
    public bool TryTake<T>(StageQueue<T> queue, [MaybeNullWhen(false)] out T item)
    {
        bool needsCarrier;
        Ticket? ticket = null;
        T value = default!;
        lock (_gate)
        {
            if (!Run.IsStopping && queue.Ready > 0)
                queue.Take(new Span<T>(ref value), new Span<Ticket?>(ref ticket));
            else if (!Run.Ledger.HasDelivered)
            {
                item = default;
                return false;
            }

            Run.Ledger.DeliverUnsynchronized(ticket);

            // A run that stands still for want of memory may have waited for this: then a carrier must look for what to let through.
            bool maySettle = _turns <= 1 && (Run.Budget.LimitBytes is not null || Run.Settings.MaxItemsInFlight is not null);
            needsCarrier = (maySettle || IsOverUnsynchronized() || HasMoreUnsynchronized()) && _crew.AddUnsynchronized();
        }

        if (needsCarrier)
            _crew.Start();
        item = value;
        return ticket is not null;
    }

    /// <summary>Notes that a node handed something on outside a turn, maybe while it was asked whether it may start.</summary>
    public void NoteHandedOnUnsynchronized()
    {
        Run.AssertGate();
        _handedOn = true;
    }

    private bool ChangeUnderGate<TState>(TState state, Func<Scheduler, TState, bool> change)
    {
        // The carrier is counted in the same visit as the change, so that the last one cannot leave in between; starting it takes 10 µs.
        bool changed;
        bool needsCarrier;
        lock (_gate)
        {
            changed = change(this, state);
            needsCarrier = changed && _crew.AddUnsynchronized();
        }

        if (needsCarrier)
            _crew.Start();
        return changed;
    }

    /// <summary>Runs turns until there is none to run. A thread that makes one possible after that starts another carrier.</summary>
    /// <returns>True when the run is over.</returns>
    private bool Carry()
    {
        NodeWorker? worker = null;
        Carrier self = new();
        while (true)
        {
            bool needsCarrier = false;
            lock (_gate)
            {
                // One visit to the gate per turn: it ends the last one, inspects the others when it is time, finds the next, and may call another carrier.
                _crew.ArriveUnsynchronized(self);
                long now = worker is null ? Run.StampUnsynchronized() : Run.StampUnsynchronized(worker.EndedAt);
                if (worker is not null)
                    EndTurnUnsynchronized(worker, now);
                bool isStuck = _inspector.InspectInPassingUnsynchronized(now);
                worker = NextUnsynchronized(now);
                if (worker is not null)
                {
                    needsCarrier = ShareUnsynchronized(self, worker, now)
                        || (isStuck && _crew.Coming == 0 && HasMoreUnsynchronized() && _crew.AddUnsynchronized());
                }
                else if (--_crew.Count > 0 || !Run.IsOver)
                    return Run.IsOver; // counted out under the gate: a change that comes later starts another carrier
            }

            if (worker is null)
            {
                _ended(); // this was the last carrier
                return true;
            }

            if (needsCarrier)
                _crew.Start(staysBusy: true);
            if (!worker.Run())
                worker = null;
        }
    }

    private void EndTurnUnsynchronized(NodeWorker worker, long now)
    {
        Run.AssertGate();
        _turns--;
        if (worker.Node.CountsAgainstWorkers)
            _bodies--;
        _inspector.OnTurnEndedUnsynchronized(worker);
        worker.End(now);
        if (Run.IsCalibrating)
            _tuner!.DecideUnsynchronized(_nodes);
    }

    /// <summary>Finds the next turn to run or continue; null when there is none now.</summary>
    private NodeWorker? NextUnsynchronized(long now)
    {
        Run.AssertGate();
        while (true)
        {
            if (TryResumeUnsynchronized() is { } resumed)
                return resumed;
            if (!Run.IsStopping && TryBeginUnsynchronized(now) is { } begun)
                return begun;
            if (Run.IsOver || IsOverUnsynchronized())
            {
                Run.IsOver = true;
                return null;
            }

            bool goesOn = _turns == 0
                ? _stall.TryEndUnsynchronized(_nodes)
                : _turns == 1 && _source.IsWaiting && _stall.TryEndForMemoryUnsynchronized(_nodes);
            if (!goesOn)
                return null;
        }
    }

    private NodeWorker? TryResumeUnsynchronized()
    {
        Run.AssertGate();
        for (int left = _resumed.Count; left > 0; left--)
        {
            NodeWorker worker = _resumed.Dequeue();
            if (worker.NeedsProcessor && _bodies >= Run.BodyLimit && !Run.IsStopping)
            {
                _resumed.Enqueue(worker);
                continue;
            }

            if (worker.NeedsProcessor)
                _bodies++;
            worker.NeedsProcessor = false;
            if (worker.IsChunk)
                _inspector.RequestUnsynchronized();
            return worker;
        }

        return null;
    }

    private NodeWorker? TryBeginUnsynchronized(long now)
    {
        Run.AssertGate();
        do
        {
            _handedOn = false;
            for (int i = _nodes.Length - 1; i >= 0; i--)
            {
                EngineNode node = _nodes[i];
                if ((node.CountsAgainstWorkers && _bodies >= Run.BodyLimit) || !node.CanStart(now))
                    continue;
                EngineNode? feeder = node.RunsLow && !node.IsFed ? QuickFeederUnsynchronized(i, now) : null;
                node.IsFed = feeder is not null;
                return BeginUnsynchronized(feeder ?? node, now);
            }
        }
        while (_handedOn); // to a node that had nothing when it was asked
        return null;
    }

    private NodeWorker BeginUnsynchronized(EngineNode node, long now)
    {
        Run.AssertGate();
        _turns++;
        if (node.CountsAgainstWorkers)
            _bodies++;
        NodeWorker worker = node.Begin(now);
        _inspector.OnTurnBegunUnsynchronized(worker);
        return worker;
    }

    /// <summary>Finds a node further up that can quickly give more to one that will soon have nothing left. It goes first, for one turn: otherwise the other
    /// workers of that node end their turns, find nothing and sleep.</summary>
    private EngineNode? QuickFeederUnsynchronized(int index, long now)
    {
        Run.AssertGate();
        if (Run.IsSynchronous || Run.Budget.LimitBytes is not null)
            return null;
        for (int i = index - 1; i >= 0; i--)
        {
            EngineNode node = _nodes[i];
            if ((node.CountsAgainstWorkers && _bodies >= Run.BodyLimit) || !node.CanStart(now))
                continue;
            return node.ExpectedCost < _worthWaking ? node : null;
        }

        return null;
    }

    /// <summary>Says whether another carrier is to be started because there is enough to do beside a turn that begins: that costs about as much as 20 µs of
    /// work.</summary>
    private bool ShareUnsynchronized(Carrier self, NodeWorker worker, long now)
    {
        Run.AssertGate();
        if (_crew.Count >= _crew.Most)
            return false;
        if (_crew.Coming > 0)
            return false; // that one decides again once it is here; a second on its way would take a processor from a body to find nothing
        if (_resumed.Count > 0)
            return _crew.AddUnsynchronized();
        if (Run.IsStopping)
            return false;
        if (worker.ExpectedCost < _worthWaking / 4)
        {
            // This carrier is back before another one would be awake, and decides again then. An inspection checks that.
            _crew.LeaveQuicklyUnsynchronized(self);
            _inspector.RequestUnsynchronized();
            return false;
        }

        if (_crew.Quick.Count > 0 && Run.BodyLimit - _bodies <= _crew.Quick.Count)
        {
            // Those that will be back at once are enough for all bodies that may start. Another thread would take a processor from them.
            _inspector.RequestUnsynchronized();
            return false;
        }

        // While a processor is free, any turn that feeds it is urgent. While all compute, little work for the source or the sink can wait for the
        // next end of a turn or for an inspection: another thread for it would only interrupt a body.
        double enough = worker.ExpectedCost > _worthWaking && _bodies < Run.BodyLimit ? 0 : _worthWaking;
        double cost = 0;
        bool hasMore = false;
        foreach (EngineNode node in _nodes)
        {
            if ((node.CountsAgainstWorkers && _bodies >= Run.BodyLimit) || !node.CanStart(now))
                continue;
            hasMore = true;
            cost += node.ExpectedCost;
            if (cost >= enough)
                return _crew.AddUnsynchronized();
        }

        if (hasMore)
            _inspector.RequestUnsynchronized();
        return false;
    }

    /// <summary>Says whether a turn may begin or go on.</summary>
    private bool HasMoreUnsynchronized()
    {
        Run.AssertGate();
        if (_resumed.Count > 0)
            return true;
        if (Run.IsStopping)
            return false;
        long now = Run.StampUnsynchronized();
        foreach (EngineNode node in _nodes)
        {
            if (!(node.CountsAgainstWorkers && _bodies >= Run.BodyLimit) && node.CanStart(now))
                return true;
        }

        return false;
    }

    private bool IsOverUnsynchronized()
    {
        Run.AssertGate();
        return _turns == 0 && (Run.IsStopping || (Run.Ledger.Live == 0 && _source.IsComplete));
    }
}
