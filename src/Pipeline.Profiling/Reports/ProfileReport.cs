namespace Pipeline.Profiling;

/// <summary>Everything that a profile found: from points, from one run, or from a sweep of runs.</summary>
public sealed record ProfileReport
{
    /// <summary>Gets what was profiled.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the verdict in one sentence.</summary>
    public required string Verdict { get; init; }

    /// <summary>Gets where it was measured.</summary>
    /// <value>Null for points measured elsewhere.</value>
    public ProfileContext? Context { get; init; }

    /// <summary>Gets what the points say.</summary>
    /// <value>Null for one run.</value>
    public ScalingAnalysis? Curve { get; init; }

    /// <summary>Gets what the run with the most workers says.</summary>
    /// <value>Null for points.</value>
    public RunAnalysis? Run { get; init; }

    /// <summary>Gets the simulated times at 1 to the largest asked number of workers.</summary>
    public IReadOnlyList<SimulatedPoint> Simulation { get; init; } = [];

    /// <summary>Gets the predictions: from the simulation where there is one, else from the curve.</summary>
    public required IReadOnlyList<ScalingPrediction> Predictions { get; init; }

    /// <summary>Gets where worker time was lost at the most workers.</summary>
    /// <value>Empty without a sweep.</value>
    public IReadOnlyList<LostTime> LostTime { get; init; } = [];

    /// <summary>Gets what happened when stages were made slower on purpose, the largest effect first.</summary>
    /// <value>Empty when that was not tried.</value>
    public IReadOnlyList<SlowDownResult> SlowDowns { get; init; } = [];

    /// <summary>Gets an earlier profile's predictions beside what this one measured.</summary>
    /// <value>Null when nothing was compared.</value>
    public ProfileComparison? Comparison { get; init; }

    /// <summary>Gets what was checked.</summary>
    public required IReadOnlyList<ProfileCheck> Checks { get; init; }
}
