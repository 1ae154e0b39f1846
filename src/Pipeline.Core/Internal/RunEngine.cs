using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core.Internal;

/// <summary>One run: the gate, the nodes and the threads that carry bodies.</summary>
/// <remarks>
/// Locking rule: one gate guards everything that the nodes, hops, accounts and the budget remember. User code (bodies, sources, sinks,
/// estimates, disposal, progress) is never called under it. Methods named <c>Unsynchronized</c> are called under it.
/// <para>
/// How it goes on: a carrier thread enters the gate, ends the turn that it ran, looks for the next body that may start (the latest
/// stage first, so items finish before new ones begin), leaves the gate and runs it. A body that waits asynchronously gives the
/// thread back but keeps its place among <see cref="RunOptions.Workers"/>. Carriers are threads of the run's own, so bodies that
/// compute for seconds starve neither timers nor the program's thread pool. They are started when there is work for one more.
/// </para>
/// </remarks>
#pragma warning disable CA1001 // its cancellation sources are never disposed, see RunEngine.Ending.cs
internal sealed partial class RunEngine
#pragma warning restore CA1001
{
    private readonly object _gate = new();
    private readonly RunSettings _settings;
    private readonly double _worthWaking; // in time stamps
    private readonly Queue<NodeWorker> _resumed = new(); // guarded by _gate
    private List<EngineNode> _nodes = []; // in order of flow; written once before start
    private Activity? _activity; // written once before start
    private SourceNode _source = null!; // written once before start

    private int _carriers; // guarded by _gate: threads that exist
    private int _idleCarriers; // guarded by _gate: those that wait and nobody woke yet
    private int _maxCarriers; // written once before start
    private int _turns; // guarded by _gate: turns that began and did not end
    private int _bodies; // guarded by _gate: those that count against Workers
    private readonly List<NodeWorker> _chunks = []; // guarded by _gate: turns over several items
    private long _live; // guarded by _gate: items taken and not finished
    private bool _isOver; // guarded by _gate: no carrier has anything to do any more

    internal RunEngine(string name, RunSettings settings, CancellationToken callerToken)
    {
        PipelineName = name;
        _settings = settings;
        _callerToken = callerToken;
        Budget = new MemoryBudget(settings.MemoryBudgetBytes);
        StartedAt = Now;
        _worthWaking = 20e-6 * settings.Clock.TimestampFrequency;
        Cancellation = _cancellation.Token;
        SourceStop = _sourceStop.Token;
    }

    internal string PipelineName { get; }

    internal TimeProvider Clock => _settings.Clock;

    internal long Now => _settings.Clock.GetTimestamp();

    internal long StartedAt { get; }

    internal MemoryBudget Budget { get; }

    internal int DefaultWorkers => _settings.Workers;

    /// <summary>Gets how many items were taken; the number of the next one. Read by the source's turn, the only writer.</summary>
    internal long ItemsTaken { get; private set; }

    internal bool IsDraining => _isDraining;

    /// <summary>Gets how many more items the source may give.</summary>
    internal int RoomForItems => _isDraining ? 0 : _settings.MaxItemsInFlight is { } most ? (int)(most - _live) : int.MaxValue;

    /// <summary>Gives the run its nodes, in order of flow; called once, before it starts.</summary>
    internal void Prepare(List<EngineNode> nodes, long? sourceCount)
    {
        _nodes = nodes;
        _source = (SourceNode)nodes[0];
        for (int i = 1; i < nodes.Count; i++)
            nodes[i].Upstream = nodes[i - 1];
        _expectedItems = _settings.ExpectedItems ?? sourceCount;
        Instruments.Enter(this);
        Activity? current = Activity.Current;
        _activity = Instruments.Activities.CreateActivity("pipeline.run", ActivityKind.Internal)?.SetTag("pipeline.name", PipelineName).Start();
        Activity.Current = current; // the caller's own activity goes on
    }

    /// <summary>Starts the run on threads of its own.</summary>
    internal void Start()
    {
        _maxCarriers = _settings.Workers + _nodes.Count(node => !node.IsCounted);
        _carriers = 1;
        StartProgress();
        _callerRegistration = _callerToken.UnsafeRegister(static engine => ((RunEngine)engine!).Cancel(), this);
        StartCarrier();
    }

    /// <summary>Runs everything on the calling thread, one item per turn, and throws when the run failed.</summary>
    internal void RunOnThisThread()
    {
        IsSynchronous = true;
        _maxCarriers = 1;
        _carriers = 1;
        StartProgress();
        Carry();
        Completion.GetAwaiter().GetResult(); // the carrier is done, so only the disposal of workers can take time
    }

    /// <summary>Gets a value indicating whether one thread does everything, in an order that never changes.</summary>
    internal bool IsSynchronous { get; private set; }

    /// <summary>Gets a value indicating whether a turn takes one item, whatever the bodies cost: a timeline has an entry for each.</summary>
    internal bool TakesOneByOne => IsSynchronous || _settings.RecordTimeline;

    /// <summary>Puts a worker whose asynchronous wait is over back into line. Called from any thread.</summary>
    internal void Resume(NodeWorker worker)
    {
        bool needsCarrier;
        lock (_gate)
        {
            _resumed.Enqueue(worker);
            needsCarrier = WakeOneUnsynchronized();
        }

        if (needsCarrier)
            StartCarrier();
    }

    /// <summary>Gives a worker's processor to others while it waits for its next attempt.</summary>
    internal void ReleaseProcessor(NodeWorker worker)
    {
        if (!worker.Node.IsCounted)
            return;
        bool needsCarrier;
        lock (_gate)
        {
            worker.NeedsProcessor = true;
            _bodies--;
            needsCarrier = WakeOneUnsynchronized();
        }

        if (needsCarrier)
            StartCarrier();
    }

    internal void EnterUnsynchronized(Ticket ticket)
    {
        ticket.Sequence = ItemsTaken++;
        _live++;
        Budget.Enter(ticket);
    }

    internal void FinishUnsynchronized(Ticket ticket, ItemOutcome outcome)
    {
        Budget.Leave(ticket);
        if (ticket is BatchTicket batch)
        {
            foreach (Ticket member in batch.Members)
                FinishUnsynchronized(member, outcome);
        }
        else if (ticket.Parent is { } parent)
        {
            parent.LiveParts--;
            parent.MergeOutcome(outcome);
            TryFinishSplitUnsynchronized(parent);
        }
        else
        {
            _live--;
            _outcomes[(int)outcome]++;
            _source.Recycle(ticket);
        }
    }

    /// <summary>Finishes an item that was split, when all its parts are made and finished.</summary>
    internal void TryFinishSplitUnsynchronized(Ticket ticket)
    {
        if (!ticket.IsSplitting && ticket.LiveParts == 0)
            FinishUnsynchronized(ticket, ticket.PartsOutcome);
    }

    /// <summary>Makes a change under the gate that may let bodies start, from a thread that is no carrier.</summary>
    internal void Poke(Action change)
    {
        bool needsCarrier;
        lock (_gate)
        {
            change();
            needsCarrier = HasMoreUnsynchronized() && WakeOneUnsynchronized();
        }

        if (needsCarrier)
            StartCarrier();
    }

    /// <summary>Takes the next result for a consumer that is no carrier.</summary>
    internal bool TryTake<T>(Hop<T> hop, [MaybeNullWhen(false)] out T item)
    {
        bool needsCarrier;
        lock (_gate)
        {
            if (IsStopping || hop.Ready == 0)
            {
                item = default;
                return false;
            }

            T value = default!;
            Ticket? ticket = null;
            hop.Take(new Span<T>(ref value), new Span<Ticket?>(ref ticket));
            item = value;
            FinishUnsynchronized(ticket!, ItemOutcome.Completed);
            needsCarrier = (IsOverUnsynchronized() || HasMoreUnsynchronized()) && WakeOneUnsynchronized();
        }

        if (needsCarrier)
            StartCarrier();
        return true;
    }

    /// <summary>Calls a function under the gate.</summary>
    internal T Ask<T>(Func<T> function)
    {
        lock (_gate)
            return function();
    }

    private void StartCarrier() =>
        new Thread(Carry) { IsBackground = true, Name = $"Pipeline {PipelineName}" }.Start();

    private void Carry()
    {
        NodeWorker? worker = null;
        while (true)
        {
            bool needsCarrier = false;
            lock (_gate)
            {
                long now = Now;
                if (worker is not null)
                    EndTurnUnsynchronized(worker, now);
                worker = NextUnsynchronized(ref now);
                if (worker is null && --_carriers > 0)
                    return;
                if (worker is not null)
                    needsCarrier = ShareUnsynchronized(worker, now);
            }

            if (worker is null)
            {
                // The last carrier out ends the run; the task that it starts is the run's Completion and never throws.
                _ = EndAsync();
                return;
            }

            if (needsCarrier)
                StartCarrier();
            if (!worker.Run())
                worker = null;
        }
    }

    private void EndTurnUnsynchronized(NodeWorker worker, long now)
    {
        _turns--;
        if (worker.Node.IsCounted)
            _bodies--;
        if (worker.IsChunk)
        {
            worker.IsChunk = false;
            _chunks.Remove(worker);
        }

        worker.End(now);
    }

    /// <summary>Finds the next turn to run or continue; waits for one; null when the run is over.</summary>
    private NodeWorker? NextUnsynchronized(ref long now)
    {
        while (true)
        {
            if (TryResumeUnsynchronized() is { } resumed)
                return resumed;
            if (!IsStopping && TryBeginUnsynchronized(now) is { } begun)
                return begun;
            if (_isOver || IsOverUnsynchronized())
            {
                _isOver = true;
                _idleCarriers = 0;
                Monitor.PulseAll(_gate);
                return null;
            }

            if (_turns == 0 && TryUnstallUnsynchronized())
                continue;
            _idleCarriers++;
            Monitor.Wait(_gate);
            now = Now;
        }
    }

    private NodeWorker? TryResumeUnsynchronized()
    {
        for (int left = _resumed.Count; left > 0; left--)
        {
            NodeWorker worker = _resumed.Dequeue();
            if (!worker.NeedsProcessor)
                return worker;
            if (_bodies < _settings.Workers || IsStopping)
            {
                worker.NeedsProcessor = false;
                _bodies++;
                return worker;
            }

            _resumed.Enqueue(worker);
        }

        return null;
    }

    private NodeWorker? TryBeginUnsynchronized(long now)
    {
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            EngineNode node = _nodes[i];
            if ((node.IsCounted && _bodies >= _settings.Workers) || !node.CanStart(now))
                continue;
            _turns++;
            if (node.IsCounted)
                _bodies++;
            NodeWorker worker = node.Begin(now);
            if (worker.IsChunk)
            {
                _chunks.Add(worker);
                WatchUnsynchronized();
            }

            return worker;
        }

        return null;
    }

    /// <summary>Wakes another carrier when there is enough to do beside a turn that begins: waking one costs about as much as 20 µs of work.</summary>
    private bool ShareUnsynchronized(NodeWorker worker, long now)
    {
        if (_idleCarriers == 0 && _carriers >= _maxCarriers)
            return false;
        if (_resumed.Count > 0)
            return WakeOneUnsynchronized();
        if (IsStopping)
            return false;
        double enough = worker.ExpectedCost > _worthWaking ? 0 : _worthWaking;
        double cost = 0;
        bool hasMore = false;
        foreach (EngineNode node in _nodes)
        {
            if ((node.IsCounted && _bodies >= _settings.Workers) || !node.CanStart(now))
                continue;
            hasMore = true;
            cost += node.ExpectedCost;
            if (cost >= enough)
                return WakeOneUnsynchronized();
        }

        if (hasMore)
            WatchUnsynchronized();
        return false;
    }

    /// <summary>Nothing runs and nothing may start: lets nodes that collect items give out what they have.</summary>
    private bool TryUnstallUnsynchronized()
    {
        bool changed = false;
        if (Budget.LimitBytes is not null || _settings.MaxItemsInFlight is not null)
        {
            foreach (EngineNode node in _nodes)
                changed |= node.TryUnstall();
        }

        return changed;
    }

    private bool HasMoreUnsynchronized()
    {
        if (_resumed.Count > 0)
            return true;
        if (IsStopping)
            return false;
        long now = Now;
        foreach (EngineNode node in _nodes)
        {
            if (!(node.IsCounted && _bodies >= _settings.Workers) && node.CanStart(now))
                return true;
        }

        return false;
    }

    private bool IsOverUnsynchronized() => _turns == 0 && (IsStopping || (_live == 0 && _source.IsComplete));

    /// <summary>Wakes one carrier that waits.</summary>
    /// <returns>True when none waits and one more may be started, which the caller does outside the gate.</returns>
    private bool WakeOneUnsynchronized()
    {
        if (_isOver)
            return false;
        if (_idleCarriers > 0)
        {
            _idleCarriers--;
            Monitor.Pulse(_gate);
            return false;
        }

        if (_carriers >= _maxCarriers)
            return false;
        _carriers++;
        return true;
    }
}
