namespace Pipeline.Processes;

/// <summary>Where a worker process stands. It only moves downwards.</summary>
internal enum WorkerState
{
    /// <summary>Started; has not answered yet.</summary>
    Starting,

    /// <summary>Takes calls, in a slot or as a spare.</summary>
    Ready,

    /// <summary>Replaced; its connection is closed and it cleans up.</summary>
    Leaving,

    /// <summary>Killed by the pool; not gone yet.</summary>
    Dying,

    /// <summary>Its connection has ended.</summary>
    Dead,
}
