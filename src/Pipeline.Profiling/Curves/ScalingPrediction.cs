namespace Pipeline.Profiling;

/// <summary>What is predicted for one worker count, or why nothing is.</summary>
public sealed record ScalingPrediction
{
    /// <summary>Gets the worker count.</summary>
    public required double Workers { get; init; }

    /// <summary>Gets how many times the largest measured worker count that is.</summary>
    public required double ExtrapolationRatio { get; init; }

    /// <summary>Gets the speed-up over the baseline.</summary>
    /// <value>Null when refused.</value>
    public double? SpeedUp { get; init; }

    /// <summary>Gets the time.</summary>
    /// <value>Seconds (or seconds per unit of work, for throughputs); null when refused.</value>
    public double? Seconds { get; init; }

    /// <summary>Gets the 90 % band of <see cref="SpeedUp"/>: the wider of the statistical and the calibrated one.</summary>
    /// <value>Null when refused.</value>
    public ConfidenceInterval? Band { get; init; }

    /// <summary>Gets how the prediction was made.</summary>
    /// <value><c>amdahl</c>, <c>usl</c>, <c>simulation</c> or <c>refused</c>.</value>
    public required string Method { get; init; }

    /// <summary>Gets what the prediction rests on, or why it is refused and which run would tell.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the speed-up that a simulation gives if the stage times stay as measured.</summary>
    /// <value>Null without a simulation. Given even where the prediction is refused, since it is conditional and has no band.</value>
    public double? IfStageTimesStay { get; init; }
}
