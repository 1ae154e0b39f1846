using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>Who works where: the slots, the warm spares, and all processes that are not gone. Guarded by the supervisor's lock.</summary>
/// <remarks>
/// Two rules are kept here. A vacant slot gets a spare at once, so a death costs no start. A worker is replaced only while it is idle and a spare is ready: its
/// replacement comes first.
/// </remarks>
internal sealed class Roster
{
    private readonly TimeProvider _clock;
    private readonly TimeSpan _cleanUpLimit;
    private readonly List<PoolWorker> _spares = [];
    private readonly HashSet<PoolWorker> _all = []; // until everything about them is settled

    public Roster(ProcessPoolOptions options)
    {
        _clock = options.TimeProvider;
        _cleanUpLimit = options.ShutdownTimeout;
        Slots = [.. Enumerable.Range(0, options.Workers).Select(static index => new WorkerSlot(index))];
    }

    public WorkerSlot[] Slots { get; }

    public IReadOnlyList<PoolWorker> Spares => _spares;

    public IReadOnlyCollection<PoolWorker> All => _all;

    public int Vacant => Slots.Count(static slot => slot.IsVacant);

    public int Busy => Slots.Count(static slot => slot.Worker is { Count: > 0 });

    public bool HasRetiring => Slots.Any(static slot => slot.Worker?.RetireReason is not null);

    /// <summary>Gets a value indicating whether a worker has calls besides the one that it runs.</summary>
    public bool HasCallsAhead
    {
        get
        {
            foreach (WorkerSlot slot in Slots)
            {
                if (slot.Worker is { Count: >= 2 })
                    return true;
            }

            return false;
        }
    }

    /// <summary>An idle worker, or the least busy one that may get calls ahead; null for none.</summary>
    public PoolWorker? Pick(PoolCall call)
    {
        PoolWorker? best = null;
        int least = int.MaxValue;
        foreach (WorkerSlot slot in Slots)
        {
            if (slot.Worker is not { } worker)
                continue;
            if (worker.Count == 0 && worker.HasRoom(call))
                return worker;
            if (worker.Count < least && worker.HasRoom(call))
            {
                best = worker;
                least = worker.Count;
            }
        }

        return best;
    }

    public void Add(PoolWorker worker) => _all.Add(worker);

    public void Forget(PoolWorker worker) => _all.Remove(worker);

    /// <summary>Gives a ready worker a vacant slot, or makes it a spare, which takes the slot of an idle worker that is to retire.</summary>
    /// <returns>The worker that was replaced; null for none.</returns>
    public PoolWorker? Place(PoolWorker worker)
    {
        worker.State = WorkerState.Ready;
        if (Array.Find(Slots, static slot => slot.IsVacant) is { } vacant)
        {
            vacant.Attach(worker);
            return null;
        }

        _spares.Add(worker);
        return Array.Find(Slots, static slot => slot.Worker is { RetireReason: not null, Count: 0 })?.Worker is { } retiring
            && TryReplace(retiring) ? retiring : null;
    }

    /// <summary>Replaces an idle worker that is to retire, if a spare is ready. Otherwise it goes on.</summary>
    public bool TryReplace(PoolWorker worker)
    {
        if (worker is not { RetireReason: not null, Count: 0, Slot: { } slot } || _spares.Count == 0)
            return false;
        slot.Vacate();
        AttachSpare(slot);
        worker.State = WorkerState.Leaving;
        worker.Timer =
            _clock.CreateTimer(static state => ((PoolWorker)state!).Connection.Kill(), worker, _cleanUpLimit, Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>Takes a worker that ends out of its place and puts a spare into its slot.</summary>
    public void Detach(PoolWorker worker, WorkerState state)
    {
        worker.State = state;
        worker.Timer?.Dispose();
        _spares.Remove(worker);
        if (worker.Slot is not { } slot)
            return;
        slot.Vacate();
        if (_spares.Count > 0)
            AttachSpare(slot);
    }

    [Conditional("DEBUG")]
    public void AssertInvariants()
    {
        foreach (WorkerSlot slot in Slots)
        {
            Debug.Assert(
                slot.Worker is null || (slot.Worker.Slot == slot && slot.Worker.State is not WorkerState.Starting and not WorkerState.Dead),
                "A slot and its worker disagree.");
            slot.Worker?.AssertInvariants();
        }

        foreach (PoolWorker spare in _spares)
            Debug.Assert(
                spare is { Slot: null, Count: 0, State: not WorkerState.Starting and not WorkerState.Dead }, "A spare is at work.");
    }

    private void AttachSpare(WorkerSlot slot)
    {
        slot.Attach(_spares[0]);
        _spares.RemoveAt(0);
    }
}
