using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core;

/// <summary>One run: the gate, the nodes and the threads that carry bodies.</summary>
/// <remarks>
/// Locking rule: one gate guards everything that the nodes, hops, accounts and the budget remember. User code (bodies, sources, sinks,
/// estimates, disposal, progress) is never called under it. Methods named <c>Unsynchronized</c> are called under it.
/// <para>
/// How it goes on: a carrier thread enters the gate, ends the turn that it ran, looks for the next body that may start (the latest
/// stage first, so items finish before new ones begin), leaves the gate and runs it. A body that waits asynchronously gives the
/// thread back but keeps its place among <see cref="RunOptions.Workers"/>. Carriers are threads that do nothing else (<see cref="CarrierThread"/>), so bodies that
/// compute for seconds starve neither timers nor the program's thread pool. They are started when there is work for one more.
/// </para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Its cancellation sources are never disposed, see RunEngine.Ending.cs.")]
internal sealed partial class RunEngine
{
    private readonly object _gate = new();
    private readonly RunSettings _settings;
    private readonly double _worthWaking; // in time stamps
    private readonly Queue<NodeWorker> _resumed = new(); // guarded by _gate
    private List<EngineNode> _nodes = []; // in order of flow; written once before start
    private Activity? _activity; // written once before start
    private SourceNode _source = null!; // written once before start

    private ExecutionContext? _context; // the caller's, for all threads, whoever starts them; written before start, cleared at the end
    private SemaphoreSlim? _called; // of a synchronous run: its carrier is to look again
    private int _carriers; // guarded by _gate: threads that carry the run or are on their way
    private int _coming; // guarded by _gate: those that are on their way and have not been at the gate
    private int _maxCarriers; // guarded by _gate
    private int _turns; // guarded by _gate: turns that began and did not end
    private int _bodies; // guarded by _gate: those that count against Workers
    private readonly List<NodeWorker> _chunks = []; // guarded by _gate: turns over several items
    private readonly List<Carrier> _quick = []; // guarded by _gate: carriers that will be back at once
    private long _live; // guarded by _gate: items taken and not finished
    private bool _isOver; // guarded by _gate: no carrier has anything to do any more

    public RunEngine(string name, RunSettings settings, CancellationToken callerToken)
    {
        PipelineName = name;
        ThreadName = $"Pipeline {name}";
        _settings = settings;
        _callerToken = callerToken;
        Budget = new MemoryBudget(settings.MemoryBudgetBytes);
        StartedAt = Now;
        _bodyLimit = settings.Workers;
        IsCalibrating = settings.Tuning is not null;
        _worthWaking = 20e-6 * settings.Clock.TimestampFrequency;
        _lookInterval = (long)(RunWatch.Interval.TotalSeconds * settings.Clock.TimestampFrequency);
        _nextLook = KeepsAccounts ? StartedAt + _lookInterval : long.MaxValue;
        Cancellation = _cancellation.Token;
        SourceStop = _sourceStop.Token;
    }

    public string PipelineName { get; }

    /// <summary>Gets the name of threads while they carry the run.</summary>
    public string ThreadName { get; }

    public TimeProvider Clock => _settings.Clock;

    public long Now => _settings.Clock.GetTimestamp();

    public long StartedAt { get; }

    /// <summary>Gets the stage that is made slower on purpose.</summary>
    public StageSlowDown? SlowDown => _settings.SlowDown;

    /// <summary>Gets a value indicating whether the run measures where its time goes.</summary>
    public bool KeepsAccounts => _settings.KeepAccounts;

    public MemoryBudget Budget { get; }

    public Instruments Instruments => _settings.Instruments;

    /// <summary>Gets the activity of the run; null when nobody samples it.</summary>
    public Activity? Activity => _activity;

    /// <summary>Gets how many items were taken; the number of the next one. Read by the source's turn, the only writer.</summary>
    public long ItemsTaken { get; private set; }

    public bool IsDraining => _isDraining;

    /// <summary>Gets each item's share of the workers that have none.</summary>
    public int SpareWorkersPerItem()
    {
        long live = Volatile.Read(ref _live);
        return live == 0 ? 0 : (int)Math.Max(0, (_settings.Workers - live) / live);
    }

    /// <summary>Gets how many more items the source may give.</summary>
    public int RoomForItems => _isDraining ? 0 : _settings.MaxItemsInFlight is { } most ? (int)(most - _live) : int.MaxValue;

    /// <summary>Gives the run its nodes, in order of flow; called once, before it starts.</summary>
    public void Prepare(List<EngineNode> nodes, long? sourceCount)
    {
        _nodes = nodes;
        _source = (SourceNode)nodes[0];
        _hasOtherTickets = nodes.Exists(static node => node.MakesTickets);
        _expectedItems = _settings.ExpectedItems ?? sourceCount;
        if (_settings.SlowDown is { } slow && !nodes.Exists(node => node.SlowDown > 0))
            throw new ArgumentException($"The run was told to slow down '{slow.Stage}', which is no stage of '{PipelineName}' that gives one result per item. Name one of {string.Join(", ", nodes.Where(node => node.IsCounted).Select(node => $"'{node.Name}'"))}.");
        _settings.Instruments.Enter(this);
        Activity? current = Activity.Current;
        _activity = Instruments.Activities.CreateActivity("pipeline.run", ActivityKind.Internal)?.SetTag("pipeline.name", PipelineName).Start();
        Activity.Current = current; // the caller's own activity goes on
    }

    /// <summary>Starts the run on threads of its own.</summary>
    public void Start()
    {
        _maxCarriers = Math.Max(_settings.Workers, _settings.Tuning is { Apply: true } tuning ? tuning.Processors : 0) + _nodes.Count(node => !node.IsCounted && node.Workers > 0);
        _carriers = _coming = 1;
        _context = ExecutionContext.Capture();
        StartProgress();
        _callerRegistration = _callerToken.UnsafeRegister(static engine => ((RunEngine)engine!).Cancel(), this);
        CarrierThread.Start(this, _context, staysBusy: false);
    }

    /// <summary>Runs everything on the calling thread, one item per turn, and throws when the run failed.</summary>
    public void RunOnThisThread()
    {
        IsSynchronous = true;
        _maxCarriers = 1;
        _carriers = _coming = 1;
        _called = new SemaphoreSlim(0);
        StartProgress();
        while (!Carry())
            _called.Wait();
        Completion.GetAwaiter().GetResult(); // the carrier is done, so only the disposal of workers can take time
    }

    /// <summary>Gets a value indicating whether one thread does everything, in an order that never changes.</summary>
    public bool IsSynchronous { get; private set; }

    /// <summary>Gets a value indicating whether a turn takes one item, whatever the bodies cost.</summary>
    public bool TakesOneByOne => IsSynchronous;

    /// <summary>Puts a worker whose asynchronous wait is over back into line. Called from any thread.</summary>
    public void Resume(NodeWorker worker)
    {
        bool needsCarrier;
        lock (_gate)
        {
            _resumed.Enqueue(worker);
            needsCarrier = AddCarrierUnsynchronized();
        }

        if (needsCarrier)
            StartCarrier();
    }

    /// <summary>Gives a worker's processor to others while it waits for its next attempt.</summary>
    public void ReleaseProcessor(NodeWorker worker)
    {
        if (!worker.Node.IsCounted)
            return;
        bool needsCarrier;
        lock (_gate)
        {
            worker.NeedsProcessor = true;
            _bodies--;
            needsCarrier = AddCarrierUnsynchronized();
        }

        if (needsCarrier)
            StartCarrier();
    }

    /// <summary>Makes a change under the gate that may let bodies start, from a thread that is no carrier.</summary>
    public void Poke(Action change)
    {
        bool needsCarrier;
        lock (_gate)
        {
            change();
            needsCarrier = HasMoreUnsynchronized() && AddCarrierUnsynchronized();
        }

        if (needsCarrier)
            StartCarrier();
    }

    /// <summary>Takes the next result for a consumer that is no carrier.</summary>
    public bool TryTake<T>(Hop<T> hop, [MaybeNullWhen(false)] out T item)
    {
        bool needsCarrier;
        Ticket? ticket = null;
        T value = default!;
        lock (_gate)
        {
            if (!IsStopping && hop.Ready > 0)
                hop.Take(new Span<T>(ref value), new Span<Ticket?>(ref ticket));
            else if (_delivered is null)
            {
                item = default;
                return false;
            }

            DeliverUnsynchronized(ticket);

            // A run that stands still for want of memory may have waited for this: then a carrier must look for what to let through.
            bool maySettle = _turns <= 1 && (Budget.LimitBytes is not null || _settings.MaxItemsInFlight is not null);
            needsCarrier = (maySettle || IsOverUnsynchronized() || HasMoreUnsynchronized()) && AddCarrierUnsynchronized();
        }

        if (needsCarrier)
            StartCarrier();
        item = value;
        return ticket is not null;
    }

    /// <summary>Calls a function under the gate.</summary>
    public T Ask<T>(Func<T> function)
    {
        lock (_gate)
            return function();
    }
}
