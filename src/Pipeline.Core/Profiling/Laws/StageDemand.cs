namespace Pipeline.Core.Profiling;

/// <summary>What one stage asks of its workers.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Workers">How many workers it has, 1 or more.</param>
/// <param name="SecondsPerItem">Busy time per item of the pipeline (time per visit times visits per item), 0 or more.</param>
public sealed record StageDemand(string Name, int Workers, double SecondsPerItem)
{
    /// <summary>Gets the time between two items when all workers of the stage are busy.</summary>
    /// <value>Seconds per item.</value>
    public double Pace => SecondsPerItem / Workers;
}
