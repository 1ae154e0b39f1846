namespace Pipeline.Core;

/// <summary>One node of a run as its queues, the ledger and the reports see it: what it counts, and what it is told.</summary>
/// <remarks>Locking rule: everything is guarded by the run's gate.</remarks>
[DebuggerDisplay("{Name,nq}: {Account.Running} of {Workers} workers run, {Waiting} items wait, {Items} done")]
internal abstract class FlowNode(RunContext run, string name, int workers)
{
    public readonly RunContext Run = run;
    public readonly string Name = name;
    public readonly int Workers = workers;
    public readonly StageAccount Account = new(workers, run.StartedAt, run.KeepsAccounts);
    public readonly StageObservations Observations = new();
    public long Items; // that it gave, or finished at the end of the run
    public long LeftOut; // items that it left out on purpose
    public long Retries;
    public long Failures;
    public long Awaited; // busy time in which bodies waited asynchronously, in time stamps; measured while the run calibrates

    public virtual StageSettings? Profile => null; // the settings of a stage or the sink; null for the source
    public virtual bool CountsAgainstWorkers => false; // whether its bodies count against Workers
    public virtual bool GivesOnePerItem => false; // whether it gives one result for each item that does not fail

    /// <summary>Gets how many items its turns worked on, however they ended.</summary>
    public virtual long ItemsTaken => Observations.Workers.Sum(worker => worker.Items);

    public virtual IReadOnlyList<FlowNode> Producers => []; // the nodes that give to it; none for the source
    public virtual int Waiting => 0; // how many items wait in front
    public virtual int PeakWaiting => 0;
    public abstract bool IsComplete { get; } // whether it will never give another item

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
