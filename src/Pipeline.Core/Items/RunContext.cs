namespace Pipeline.Core;

/// <summary>What all parts of one run share: its lock, settings, clock, budget and tokens, and how far it is.</summary>
/// <remarks>Locking rule: <see cref="Gate"/> is the one lock of a run. It guards everything that the scheduler, the ledger, the nodes, their queues, the
/// accounts and the budget remember. User code (bodies, sources, sinks, estimates, disposal, progress) is never called under it. Methods named
/// <c>Unsynchronized</c> are called under it. Fields are written once before the run starts unless they say otherwise.</remarks>
[DebuggerDisplay("{PipelineName,nq}: {Ledger.Live} items in flight, stopping: {IsStopping}, over: {IsOver}")]
internal sealed class RunContext
{
    public readonly object Gate = new();
    public readonly RunOptions Settings; // a checked copy
    public readonly string PipelineName;
    public readonly TimeProvider Clock;
    public readonly long StartedAt;
    public readonly bool KeepsAccounts;
    public readonly MemoryBudget Budget;
    public readonly Instruments Instruments;
    public readonly ItemLedger Ledger;
    public readonly Timeline? Timeline; // guarded by Gate; null when none is recorded
    public readonly CancellationToken Cancellation; // of stage bodies
    public readonly CancellationToken SourceStop; // ends a wait for the source's next item

    public Action<PipelineStageException> Stop = null!; // stops the run with an error
    public Activity? Activity; // null when no listener samples it
    public JournalRun? Journal; // null without a resume journal
    public bool IsSynchronous; // one thread does everything, one item per turn, in an order that never changes

    public volatile bool IsStopping; // written under Gate, read anywhere: no body may start any more
    public bool IsDraining; // guarded by Gate: the source gives nothing more
    public bool IsOver; // guarded by Gate: no carrier has anything to do any more
    public bool IsCalibrating; // written under Gate, read anywhere: bodies are measured for WorkerTuner
    public int BodyLimit; // guarded by Gate: how many bodies may run at once

    private long _lastStamp; // guarded by Gate

    public RunContext(string name, RunOptions settings, CancellationToken cancellation, CancellationToken sourceStop)
    {
        Settings = settings;
        PipelineName = name;
        Clock = settings.TimeProvider;
        StartedAt = Now;
        KeepsAccounts = settings.KeepAccounts;
        Budget = new MemoryBudget(settings.MemoryBudgetBytes);
        Instruments = Instruments.Of(settings.MeterFactory);
        Timeline = settings.RecordTimeline ? new Timeline() : null;
        Cancellation = cancellation;
        SourceStop = sourceStop;
        IsCalibrating = settings.WorkerTuning is not null;
        BodyLimit = settings.Workers;
        Ledger = new ItemLedger(this);
    }

    public long Now => Clock.GetTimestamp(); // a time stamp of the run's clock

    /// <summary>Takes a time stamp for the accounts; 0 when they are not kept.</summary>
    public long StampUnsynchronized()
    {
        AssertGate();
        return KeepsAccounts ? _lastStamp = Now : 0;
    }

    /// <summary>Gives the time stamp at which a turn ends. The one that its worker took after its last body serves again: the time in which the carrier waits
    /// for the gate counts to what it does next. Other threads may have been at the gate meanwhile, and stamps must only rise.</summary>
    /// <param name="endedAt">The worker's stamp; 0 when it took none.</param>
    public long StampUnsynchronized(long endedAt)
    {
        AssertGate();
        return endedAt == 0 || !KeepsAccounts ? StampUnsynchronized() : _lastStamp = Math.Max(_lastStamp, endedAt);
    }

    /// <summary>Fails a debug build when the calling thread does not hold the gate.</summary>
    [Conditional("DEBUG")]
    public void AssertGate() => Debug.Assert(Monitor.IsEntered(Gate), "The gate of the run must be held here.");
}
