namespace Pipeline.Core;

/// <summary>One node of a running graph: the source, a stage or the sink. Members are guarded by the run's gate unless they say otherwise.</summary>
internal abstract class EngineNode(RunEngine run, string name, int workers)
{
    public RunEngine Run { get; } = run;

    public string Name { get; } = name;

    public int Workers { get; } = workers;

    public StageAccount Account { get; } = new(workers, run.StartedAt, run.KeepsAccounts);

    public StageObservations Observations { get; } = new();

    /// <summary>Gets the settings of a stage or the sink; null for the source.</summary>
    public virtual StageSettings? Profile => null;

    /// <summary>Gets a value indicating whether its bodies count against <see cref="RunOptions.Workers"/>.</summary>
    public abstract bool IsCounted { get; }

    public long Items { get; set; }

    /// <summary>Gets how many items its turns worked on, whatever became of them.</summary>
    public virtual long ItemsTaken => Observations.Workers.Sum(worker => worker.Items);

    /// <summary>Gets or sets the busy time in which bodies waited asynchronously, in time stamps. Measured while the run calibrates.</summary>
    public long Awaited { get; set; }

    /// <summary>Gets a value indicating whether it gives one result for each item that does not fail.</summary>
    public virtual bool GivesOnePerItem => false;

    /// <summary>Gets a value indicating whether it gives out tickets of its own, of parts or batches.</summary>
    public virtual bool MakesTickets => true;

    public long Retries { get; set; }

    public long Failures { get; set; }

    /// <summary>Gets or sets how many items it left out on purpose.</summary>
    public long LeftOut { get; set; }

    /// <summary>Gets by which share of its time each item is made longer, for an experiment.</summary>
    public virtual double SlowDown => 0;

    /// <summary>Gets the nodes that give to it; none for the source.</summary>
    public virtual IReadOnlyList<EngineNode> Producers => [];

    /// <summary>Gets how many items wait in front.</summary>
    public abstract int Waiting { get; }

    public abstract int PeakWaiting { get; }

    /// <summary>Says whether a body may start now, and notes the reason when none may although an item waits.</summary>
    public abstract bool CanStart(long now);

    /// <summary>Gets how long the items take that wait here, in time stamps; infinite when unknown.</summary>
    public abstract double ExpectedCost { get; }

    /// <summary>Gets a value indicating whether its workers will soon have taken what waits, so that whoever feeds it should go first if that is quick.</summary>
    public virtual bool IsLow => false;

    /// <summary>Gets or sets a value indicating whether somebody who feeds it went first since its last turn began.</summary>
    public bool IsFed { get; set; }

    /// <summary>Starts a turn after <see cref="CanStart"/> said yes: takes the item, its room and its budget.</summary>
    public abstract NodeWorker Begin(long now);

    /// <summary>Called after the hop in front of this node changed.</summary>
    public abstract void OnInputChanged(long now);

    /// <summary>Called after a stage put results in front of this node: a node that runs nothing is done with them at once, without a turn.</summary>
    public virtual void PassThrough(long now)
    {
    }

    /// <summary>Gets a value indicating whether it will never give another item.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>Called when nothing runs and nothing may start: gives out what was being collected.</summary>
    /// <returns>True when something may start now.</returns>
    public virtual bool TryUnstall() => false;

    /// <summary>Gets the ticket of the item that would start next; null when none waits.</summary>
    public virtual Ticket? Next => null;

    /// <summary>Gets a value indicating whether items wait here for later ones.</summary>
    public virtual bool Collects => false;

    /// <summary>Gets or sets a value indicating whether a node further down collects; set once before the run starts.</summary>
    public bool IsBeforeCollector { get; set; }

    /// <summary>Called when the run stops before its end, and again when it is over.</summary>
    public virtual void OnStopping()
    {
    }

    /// <summary>Moves undelivered items of the hop in front to a list when the run is over.</summary>
    public virtual void DrainTo(ICollection<object> values)
    {
    }

    /// <summary>Frees what the workers own, when the run is over and no body runs. Not under the gate.</summary>
    public abstract ValueTask DisposeWorkersAsync();
}
