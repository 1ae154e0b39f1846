namespace Pipeline.Profiling;

/// <summary>Gustafson's law for work that grows with the workers (CACM 31(5), 1988).</summary>
/// <remarks>Its serial fraction is a share of the parallel run, Amdahl's one of the run at one worker. To mix them up is the classic error.</remarks>
public static class GustafsonLaw
{
    /// <summary>Computes the scaled speed-up.</summary>
    /// <param name="serialShareOfParallelRun">The serial share of the time of the parallel run, 0 to 1.</param>
    /// <param name="workers">Workers, 1 or more.</param>
    /// <returns><c>N + (1 - N) s'</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not 0 to 1, or the workers are less than 1.</exception>
    public static double ScaledSpeedUp(double serialShareOfParallelRun, double workers)
    {
        if (!(serialShareOfParallelRun is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(serialShareOfParallelRun), serialShareOfParallelRun, "The serial share must be "
                + "0 to 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        return workers + ((1 - workers) * serialShareOfParallelRun);
    }

    /// <summary>Computes the serial share of the parallel run from a scaled speed-up.</summary>
    /// <param name="scaledSpeedUp">The scaled speed-up, more than 0.</param>
    /// <param name="workers">Workers, more than 1.</param>
    /// <returns><c>(N - S) / (N - 1)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The speed-up is not more than 0 or the workers are not more than 1.</exception>
    public static double SerialShareOfParallelRun(double scaledSpeedUp, double workers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scaledSpeedUp);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(workers, 1);
        return (workers - scaledSpeedUp) / (workers - 1);
    }
}
