namespace Pipeline.Profiling;

/// <summary>What was measured at each number of workers.</summary>
public enum ScalingMeasure
{
    /// <summary>Seconds for the same work.</summary>
    Seconds,

    /// <summary>Units of work per second.</summary>
    Throughput,

    /// <summary>Speed-up over a baseline, for the same work.</summary>
    SpeedUp,

    /// <summary>Speed-up with work that grew with the workers (Gustafson). Amdahl's law does not apply to it.</summary>
    ScaledSpeedUp,
}
