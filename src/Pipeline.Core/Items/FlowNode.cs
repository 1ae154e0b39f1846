namespace Pipeline.Core;

/// <summary>One node of a run as its queues, the ledger and the reports see it: what it counts, and what it is told. Guarded by the run's gate unless a member says otherwise.</summary>
internal abstract class FlowNode(RunContext run, string name, int workers)
{
    public readonly RunContext Run = run;

    public string Name { get; } = name;

    public int Workers { get; } = workers;

    public StageAccount Account { get; } = new(workers, run.StartedAt, run.KeepsAccounts);

    public StageObservations Observations { get; } = new();

    /// <summary>Gets the settings of a stage or the sink; null for the source.</summary>
    public virtual StageSettings? Profile => null;

    /// <summary>Gets a value indicating whether its bodies count against <see cref="RunOptions.Workers"/>.</summary>
    public virtual bool CountsAgainstWorkers => false;

    /// <summary>Gets a value indicating whether it gives one result for each item that does not fail.</summary>
    public virtual bool GivesOnePerItem => false;

    public long Items { get; set; }

    /// <summary>Gets how many items its turns worked on, however they ended.</summary>
    public virtual long ItemsTaken => Observations.Workers.Sum(worker => worker.Items);

    /// <summary>Gets or sets the busy time in which bodies waited asynchronously, in time stamps. Measured while the run calibrates.</summary>
    public long Awaited { get; set; }

    public long Retries { get; set; }

    public long Failures { get; set; }

    /// <summary>Gets or sets how many items it left out on purpose.</summary>
    public long LeftOut { get; set; }

    /// <summary>Gets the nodes that give to it; none for the source.</summary>
    public virtual IReadOnlyList<FlowNode> Producers => [];

    /// <summary>Gets how many items wait in front.</summary>
    public virtual int Waiting => 0;

    public virtual int PeakWaiting => 0;

    /// <summary>Gets a value indicating whether it will never give another item.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>Called after the queue in front of this node changed.</summary>
    public abstract void OnInputChanged(long now);

    /// <summary>Called after a stage put results in front of this node: a node that runs nothing is done with them at once, without a turn.</summary>
    public virtual void PassThrough(long now)
    {
    }

    /// <summary>Keeps what the profiler needs of a turn that ends.</summary>
    public void ObserveUnsynchronized(int worker, long sequence, int items, long busy, long start, long end)
    {
        Run.AssertGate();
        if (!Run.KeepsAccounts)
            return;
        Observations.Record(worker, sequence, items, busy);
        Run.Timeline?.Add(Name, worker, sequence, items, start, end);
    }

    /// <summary>Tells listeners of a turn that ended. Called outside the gate.</summary>
    /// <inheritdoc cref="Instruments.Record"/>
    public void Record(int items, long busy, long waited, int failed = 0, Exception? error = null) =>
        Run.Instruments.Record(Run.PipelineName, Name, Run.Clock.TimestampFrequency, items, busy, waited, failed, error);
}
