namespace Pipeline.Profiling;

/// <summary>A simulated run at a number of workers.</summary>
/// <param name="Workers">The run's workers.</param>
/// <param name="Seconds">The simulated time.</param>
/// <param name="SpeedUp">The simulated time at one worker over it.</param>
public sealed record SimulatedPoint(int Workers, double Seconds, double SpeedUp);
