namespace Pipeline.Core;

/// <summary>One node of a run as the scheduler sees it: whether a turn may begin, and the turn. Guarded by the run's gate unless a member says otherwise.</summary>
internal abstract class EngineNode(Scheduler scheduler, string name, int workers) : FlowNode(scheduler.Run, name, workers)
{
    public readonly Scheduler Scheduler = scheduler;

    /// <summary>Gets a value indicating whether it gives out tickets of its own, of parts or batches.</summary>
    public virtual bool MakesTickets => false;

    /// <summary>Gets by which share of its time each item is made longer, for an experiment.</summary>
    public virtual double SlowDown => 0;

    /// <summary>Says whether a body may start now, and notes the reason when none may although an item waits.</summary>
    public virtual bool CanStart(long now) => false;

    /// <summary>Gets how long the items take that wait here, in time stamps; infinite when unknown.</summary>
    public virtual double ExpectedCost => 0;

    /// <summary>Gets a value indicating whether its workers will soon have taken what waits, so that the node that feeds it should go first if that is quick.</summary>
    public virtual bool RunsLow => false;

    /// <summary>Gets or sets a value indicating whether a node that feeds it went first since its last turn began.</summary>
    public bool IsFed { get; set; }

    /// <summary>Gets a value indicating whether its turn waits for the user's source, as far as can be seen.</summary>
    public virtual bool IsWaiting => false;

    /// <summary>Starts a turn after <see cref="CanStart"/> said yes: takes the items, their room and their budget.</summary>
    public virtual NodeWorker Begin(long now) => throw new InvalidOperationException($"Node '{Name}' has no worker.");

    /// <summary>Called when nothing runs and nothing may start: gives out what was being collected.</summary>
    /// <returns>True when something may start now.</returns>
    public virtual bool TryUnstall() => false;

    /// <summary>Gets the ticket of the item that would start next; null when none waits.</summary>
    public virtual Ticket? Next => null;

    /// <summary>Gets a value indicating whether items wait here for later ones.</summary>
    public virtual bool HoldsItemsBack => false;

    /// <summary>Gets or sets a value indicating whether a node further down collects; set once before the run starts.</summary>
    public bool IsBeforeHoldBack { get; set; }

    /// <summary>Called when the run stops before its end, and again when it is over.</summary>
    public virtual void OnStopping()
    {
    }

    /// <summary>Moves undelivered items of the node and the queue in front to a list when the run is over.</summary>
    public virtual void DrainTo(ICollection<object> values)
    {
    }

    /// <summary>Frees what the workers own, when the run is over and no body runs. Not under the gate.</summary>
    public virtual ValueTask DisposeWorkersAsync() => ValueTask.CompletedTask;
}
