namespace Pipeline.Core;

/// <summary>What one stage did in a run. The five times are sums over its workers and add up to workers times elapsed time.</summary>
public sealed record StageReport
{
    /// <summary>Gets the stage's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets how many workers the stage had.</summary>
    public required int Workers { get; init; }

    /// <summary>Gets how many items it finished.</summary>
    public required long Items { get; init; }

    /// <summary>Gets how many attempts were repeated.</summary>
    public required long Retries { get; init; }

    /// <summary>Gets how many items failed for good.</summary>
    public required long Failures { get; init; }

    /// <summary>Gets the time inside the stage's own code.</summary>
    public required TimeSpan Busy { get; init; }

    /// <summary>Gets the time without an item to work on.</summary>
    public required TimeSpan Starved { get; init; }

    /// <summary>Gets the time with an item that could not go on: no room downstream, no budget, no free processor of the run's <see
    /// cref="RunOptions.Workers"/>.</summary>
    public required TimeSpan Blocked { get; init; }

    /// <summary>Gets the part of <see cref="Blocked"/> spent waiting for memory budget or a free processor.</summary>
    public required TimeSpan BlockedByAdmission { get; init; }

    /// <summary>Gets the time with a finished result that had to wait for earlier ones.</summary>
    public required TimeSpan Ordering { get; init; }

    /// <summary>Gets the time inside this library.</summary>
    public required TimeSpan Framework { get; init; }

    /// <summary>Gets the most items that waited in front of the stage.</summary>
    public required int PeakQueueLength { get; init; }

    /// <summary>Gets how many items could wait in front of the stage.</summary>
    /// <value>Items; 0 for the source.</value>
    public int Capacity { get; init; }

    /// <summary>Gets the order in which the stage handed on its results.</summary>
    public StageOrder Order { get; init; }

    /// <summary>Gets a value indicating whether the stage took its number of workers from the run.</summary>
    public bool FollowsRunWorkers { get; init; }

    /// <summary>Gets the time inside the stage's own code of single items.</summary>
    /// <value>Seconds by rising source number: of every item up to 4,096 of them, of evenly spread items beyond.</value>
    public IReadOnlyList<double> ItemSeconds { get; init; } = [];

    /// <summary>Gets what the single workers did, in the order in which they were first used.</summary>
    public IReadOnlyList<WorkerTotal> WorkerTotals { get; init; } = [];
}
