namespace Pipeline.Profiling;

/// <summary>What a simulated run did.</summary>
public sealed record SimulationResult
{
    /// <summary>Gets the time from the first item asked for to the last one done.</summary>
    /// <value>Seconds.</value>
    public required double Seconds { get; init; }

    /// <summary>Gets the items per second over the whole run, filling and draining included.</summary>
    public required double Throughput { get; init; }

    /// <summary>Gets the items per second after the first tenth of the items had left.</summary>
    public required double SteadyThroughput { get; init; }

    /// <summary>Gets the mean time of an item between source and end.</summary>
    /// <value>Seconds.</value>
    public required double MeanSecondsInFlight { get; init; }

    /// <summary>Gets the mean number of items between source and end.</summary>
    public required double MeanItemsInFlight { get; init; }

    /// <summary>Gets the time the source waited because it could not hand on an item.</summary>
    /// <value>Seconds.</value>
    public required double SourceBlockedSeconds { get; init; }

    /// <summary>Gets the stages in order.</summary>
    public required IReadOnlyList<StageSimulation> Stages { get; init; }
}
