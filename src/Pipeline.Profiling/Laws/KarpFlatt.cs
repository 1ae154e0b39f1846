namespace Pipeline.Profiling;

/// <summary>Karp and Flatt's experimentally determined serial fraction (CACM 33(5), 1990) over the measured worker counts.</summary>
/// <remarks>Flat: a true serial part. Rising: an overhead that grows with the workers. Falling or negative: a baseline too slow, or caches that help.</remarks>
public sealed record KarpFlatt
{
    /// <summary>Gets the points, for each worker count above 1.</summary>
    public required IReadOnlyList<KarpFlattPoint> Points { get; init; }

    /// <summary>Gets how much e(N) changes per worker, by least squares.</summary>
    /// <value>0 with fewer than three points.</value>
    public required double Slope { get; init; }

    /// <summary>Gets the interval of <see cref="Slope"/>; unbounded with fewer than three points.</summary>
    public required ConfidenceInterval SlopeInterval { get; init; }

    /// <summary>Gets a value indicating whether e(N) rises beyond doubt: an overhead grows with the workers.</summary>
    public bool Rises => SlopeInterval.Low > 0;

    /// <summary>Gets a value indicating whether e(N) falls beyond doubt.</summary>
    public bool Falls => SlopeInterval.High < 0;

    /// <summary>Computes e(N) of one speed-up.</summary>
    /// <param name="speedUp">The speed-up over one worker, more than 0.</param>
    /// <param name="workers">The worker count, more than 1.</param>
    /// <returns>The serial fraction that Amdahl's law needs to give this speed-up.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The speed-up is not more than 0 or the workers are not more than 1.</exception>
    public static double FractionOf(double speedUp, double workers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(speedUp);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(workers, 1);
        return ((1 / speedUp) - (1 / workers)) / (1 - (1 / workers));
    }
}
