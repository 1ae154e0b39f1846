namespace Pipeline.Core;

/// <summary>The bounded queue between two nodes: positions count up from 0; <c>head &lt;= readyEnd &lt;= tail</c>.</summary>
/// <remarks>
/// Locking rule: everything is guarded by the run's gate. Room is taken before a body starts (a reserved position when the order is
/// kept, a promise of any position when it is not), so a worker never holds a result that has no place to go. That is why no worker
/// ever waits with an item in its hands, and why a reorder buffer is not a second structure: results are placed at their reserved
/// positions, and what is ready from the head on is what may go on.
/// </remarks>
internal abstract class StageQueue(RunContext run, int capacityItems, int limitItems)
{
    protected readonly RunContext Run = run;

    protected long Head { get; set; }

    protected long ReadyEnd { get; set; }

    protected long Tail { get; set; }

    /// <summary>Items in the hands of workers that have no position yet but a right to one.</summary>
    private int _promised;

    /// <summary>Gets the capacity that the user gave the consumer.</summary>
    public int Capacity { get; } = capacityItems;

    /// <summary>Gets the node that takes from this queue; set once before the run starts.</summary>
    public FlowNode Consumer { get; set; } = null!;

    /// <summary>Gets the nodes that give to this queue; complete before the run starts.</summary>
    public List<FlowNode> Producers { get; } = [];

    /// <summary>Gets or sets what happens to tickets that are taken here, when branches meet in front of the consumer; set once before the run starts.</summary>
    public MeetingPoint? MeetingPoint { get; set; }

    /// <summary>Gets how many more items may be started towards this queue.</summary>
    public int Room => limitItems - (int)(Tail - Head) - _promised;

    /// <summary>Gets how many items the consumer can take now.</summary>
    public int Ready => (int)(ReadyEnd - Head);

    /// <summary>Gets a value indicating whether nothing is in it or on its way.</summary>
    public bool IsEmpty => Tail == Head && _promised == 0;

    /// <summary>Gets a value indicating whether no further item will come.</summary>
    public bool IsDone => IsEmpty && HasLast;

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

    public int PeakWaiting { get; private protected set; }

    /// <summary>Takes positions, one after the other; results come out in the order of these calls.</summary>
    /// <returns>The first of them.</returns>
    public abstract long Reserve(int items);

    /// <summary>Says that no item will come at a reserved position.</summary>
    public abstract void MarkGap(long position);

    /// <summary>Moves everything that is left to a list and forgets it.</summary>
    public abstract void DrainTo(ICollection<object> values);

    /// <summary>Notes at the producers why items that wait there do not start, now that there is room.</summary>
    public void SetProducersReason(long now, IdleReason reason)
    {
        foreach (FlowNode producer in Producers)
            producer.Account.SetReason(now, reason);
    }

    public void Promise(int items) => _promised += items;

    public void BreakPromise(int items) => _promised -= items;
}
