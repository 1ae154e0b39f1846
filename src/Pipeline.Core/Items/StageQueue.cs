namespace Pipeline.Core;

/// <summary>The bounded queue between two nodes: positions count up from 0; <c>head &lt;= readyEnd &lt;= tail</c>.</summary>
/// <remarks>Locking rule: everything is guarded by the run's gate. Room is taken before a body starts (a reserved position when the order is kept, a promise of
/// any position when it is not), so a worker never holds a result that has no place to go. That is why no worker ever waits with an item in its hands, and why
/// a reorder buffer is not a second structure: results are placed at their reserved positions, and what is ready from the head on is what may go on.</remarks>
[DebuggerDisplay("{Ready} ready, {Tail - Head} positions taken, room for {Room}")]
internal abstract class StageQueue(RunContext run, int capacityItems, int limitItems)
{
    protected readonly RunContext Run = run;
    protected long Head; // the first position that was not taken
    protected long ReadyEnd; // items before it may be taken
    protected long Tail; // the next position
    private int _promised; // items in the hands of workers that have no position yet but a right to one

    public readonly int Capacity = capacityItems; // that the user gave the consumer
    public readonly List<FlowNode> Producers = []; // complete before the run starts
    public FlowNode Consumer = null!; // written once before the run starts
    public MeetingPoint? MeetingPoint; // where branches meet in front of the consumer; written once before the run starts

    public int PeakWaiting { get; private protected set; }
    public int Room => limitItems - (int)(Tail - Head) - _promised; // how many more items may be started towards this queue
    public int Ready => (int)(ReadyEnd - Head); // how many items the consumer can take now
    public bool IsDone => Tail == Head && _promised == 0 && HasLast; // whether no item is in it or on its way, nor will come

    /// <summary>Gets a value indicating whether everything that will ever come is in it.</summary>
    public bool HasLast
    {
        get
        {
            foreach (FlowNode producer in Producers)
            {
                if (!producer.IsComplete)
                    return false;
            }

            return true;
        }
    }

    /// <summary>Takes positions, one after the other; results come out in the order of these calls.</summary>
    /// <returns>The first of them.</returns>
    public abstract long Reserve(int items);

    /// <summary>Says that no item will come at a reserved position.</summary>
    public abstract void MarkGap(long position);

    /// <summary>Moves everything that is left to a list and forgets it. Called without the gate when the run is over.</summary>
    public abstract void DrainTo(ICollection<object> values);

    /// <summary>Notes at the producers why items that wait there do not start, now that there is room.</summary>
    public void SetProducersReason(long now, IdleReason reason)
    {
        foreach (FlowNode producer in Producers)
            producer.Account.SetReason(now, reason);
    }

    /// <summary>Takes room for results that get their positions when they come.</summary>
    public void Promise(int items)
    {
        _promised += items;
        AssertInvariants();
    }

    /// <summary>Gives room back that was promised: the results got positions, or do not come.</summary>
    public void BreakPromise(int items)
    {
        _promised -= items;
        AssertInvariants();
    }

    /// <summary>Fails a debug build when the gate is not held or the numbers contradict each other.</summary>
    [Conditional("DEBUG")]
    protected void AssertInvariants()
    {
        Run.AssertGate();
        Debug.Assert(Head <= ReadyEnd && ReadyEnd <= Tail, "Items are ready only between head and tail.");
        Debug.Assert(_promised >= 0, "Only room that was promised is given back.");
        Debug.Assert(Room >= -1, "Nothing was started without room, but for the oldest item, which has one place more.");
    }
}
