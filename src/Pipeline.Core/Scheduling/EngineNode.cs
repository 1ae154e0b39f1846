namespace Pipeline.Core;

/// <summary>One node of a run as the scheduler sees it: whether a turn may begin, and the turn.</summary>
/// <remarks>Locking rule: everything is guarded by the run's gate unless a member says otherwise.</remarks>
internal abstract class EngineNode(Scheduler scheduler, string name, int workers) : FlowNode(scheduler.Run, name, workers)
{
    public readonly Scheduler Scheduler = scheduler;
    public bool IsFed; // a node that feeds it went first since its last turn began
    public bool IsBeforeHoldBack; // a node further down holds items back; written once before the run starts

    public virtual bool MakesTickets => false; // whether it gives out tickets of its own, of parts or batches
    public virtual bool HoldsItemsBack => false; // whether items wait here for later ones
    public virtual double SlowDown => 0; // by which share of its time each item is made longer, for an experiment
    public virtual double ExpectedCost => 0; // how long the items take that wait here, in time stamps; infinite when unknown

    /// <summary>Gets a value indicating whether its workers will soon have taken what waits, so that the node that feeds it should go first if that is
    /// quick.</summary>
    public virtual bool RunsLow => false;

    public virtual bool IsWaiting => false; // whether its turn waits for the user's source, as far as can be seen
    public virtual Ticket? Next => null; // the ticket of the item that would start next; null when none waits

    /// <summary>Says whether a body may start now, and notes the reason when none may although an item waits.</summary>
    public virtual bool CanStart(long now) => false;

    /// <summary>Starts a turn after <see cref="CanStart"/> said yes: takes the items, their room and their budget.</summary>
    public virtual NodeWorker Begin(long now) => throw new InvalidOperationException($"Node '{Name}' has no worker.");

    /// <summary>Called when nothing runs and nothing may start: gives out what was held back.</summary>
    /// <returns>True when something may start now.</returns>
    public virtual bool TryUnstall() => false;

    /// <summary>Called when the run stops before its end, and again when it is over.</summary>
    public virtual void OnStopping()
    {
    }

    /// <summary>Moves undelivered items of the node and the queue in front to a list. Called without the gate when the run is over.</summary>
    public virtual void DrainTo(ICollection<object> values)
    {
    }

    /// <summary>Frees what the workers own. Called without the gate when the run is over.</summary>
    public virtual ValueTask DisposeWorkersAsync() => ValueTask.CompletedTask;
}
