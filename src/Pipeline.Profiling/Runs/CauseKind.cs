namespace Pipeline.Profiling;

/// <summary>What kind of thing limits a run.</summary>
public enum CauseKind
{
    /// <summary>A stage that more workers would make faster.</summary>
    ParallelStage,

    /// <summary>The source gives items too slowly.</summary>
    Source,

    /// <summary>A stage before the parallel work that one worker does: distribution.</summary>
    Distribution,

    /// <summary>A stage after the parallel work that one worker does: collection.</summary>
    Collection,

    /// <summary>The sink takes results too slowly.</summary>
    Sink,

    /// <summary>Keeping the order: results wait for an earlier, slower one.</summary>
    OrderGate,

    /// <summary>A section inside the bodies that one at a time may be in.</summary>
    SerialSection,

    /// <summary>A few items take much longer than the others.</summary>
    SkewedItems,

    /// <summary>Too few items to keep the workers busy: filling and draining take the time.</summary>
    TooFewItems,

    /// <summary>One worker is slower than the others of its stage.</summary>
    SlowWorker,

    /// <summary>Stage times that vary, with queues too short to even them out.</summary>
    ShortQueues,

    /// <summary>All stages together: the workers of the run are used up.</summary>
    Processors,

    /// <summary>The memory budget holds items back.</summary>
    MemoryBudget,

    /// <summary>Garbage collections stop the process.</summary>
    GarbageCollection,

    /// <summary>The measurements do not tell.</summary>
    Unknown,
}
