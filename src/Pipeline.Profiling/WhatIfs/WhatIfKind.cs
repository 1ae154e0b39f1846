namespace Pipeline.Profiling;

/// <summary>A change that is tried in the simulation.</summary>
public enum WhatIfKind
{
    /// <summary>A stage works faster by <see cref="WhatIf.Amount"/> times.</summary>
    FasterStage,

    /// <summary>A stage costs nothing: the most that any work on it can give.</summary>
    FreeStage,

    /// <summary>A stage gets <see cref="WhatIf.Amount"/> more workers.</summary>
    MoreWorkers,

    /// <summary>The queue in front of a stage gets <see cref="WhatIf.Amount"/> times as long.</summary>
    LongerQueue,

    /// <summary>The run gets <see cref="WhatIf.Amount"/> workers in all, and as many cores.</summary>
    Machine,

    /// <summary>Items are handed over in batches of <see cref="WhatIf.Amount"/>, which divides the library's own time per item.</summary>
    Batches,
}
