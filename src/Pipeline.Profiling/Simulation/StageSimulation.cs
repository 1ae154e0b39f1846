namespace Pipeline.Profiling;

/// <summary>What one stage did in a simulated run. The five times are sums over its workers and add up to workers times run time.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Workers">Its workers.</param>
/// <param name="BusySeconds">Working on an item.</param>
/// <param name="StarvedSeconds">Without an item.</param>
/// <param name="BlockedSeconds">With an item in front and no room downstream.</param>
/// <param name="AdmissionSeconds">With an item in front and no place among the run's workers.</param>
/// <param name="OrderingSeconds">With an item in front, and the room downstream held by results that wait for an earlier one.</param>
/// <param name="MeanQueueLength">Mean items in front of the stage, those that wait for an earlier one included.</param>
/// <param name="MeanWaitSeconds">Mean time of an item there.</param>
public sealed record StageSimulation(
    string Name,
    int Workers,
    double BusySeconds,
    double StarvedSeconds,
    double BlockedSeconds,
    double AdmissionSeconds,
    double OrderingSeconds,
    double MeanQueueLength,
    double MeanWaitSeconds);
