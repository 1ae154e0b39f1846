namespace Pipeline.Profiling;

/// <summary>A two-sided interval.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end; positive infinity where no upper end was seen.</param>
/// <param name="Level">The share of cases in which it should hold the truth, for example 0.95.</param>
public readonly record struct ConfidenceInterval(double Low, double High, double Level)
{
    /// <summary>Tells whether a value lies inside.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True inside or on an end.</returns>
    public bool Contains(double value) => value >= Low && value <= High;
}
