namespace Pipeline.Profiling;

/// <summary>Amdahl's law for a known serial fraction.</summary>
public static class AmdahlLaw
{
    /// <summary>Computes the speed-up of fixed work.</summary>
    /// <param name="serialFraction">The serial share of the time at one worker, 0 to 1.</param>
    /// <param name="workers">Workers, more than 0.</param>
    /// <returns><c>1 / (s + (1 - s) / N)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not 0 to 1, or the workers are not more than 0.</exception>
    public static double SpeedUp(double serialFraction, double workers)
    {
        if (!(serialFraction is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(serialFraction), serialFraction, "The serial fraction must be 0 to 1.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        return 1 / (serialFraction + ((1 - serialFraction) / workers));
    }

    /// <summary>Computes the speed-up that no number of workers exceeds.</summary>
    /// <param name="serialFraction">The serial share of the time at one worker.</param>
    /// <returns><c>1 / s</c>; positive infinity for 0 or less.</returns>
    public static double Limit(double serialFraction) => serialFraction <= 0 ? double.PositiveInfinity : 1 / serialFraction;
}
