namespace Pipeline.Sync;

/// <summary>How a shared counter behaves when a process that added to it dies.</summary>
public enum CounterKind
{
    /// <summary>Counts events: what a process added stays, however the process ends.</summary>
    Total = 0,

    /// <summary>Shows a level, such as photos in work: what a dead process added vanishes when another process takes over its place in the file.</summary>
    Gauge = 1,
}
