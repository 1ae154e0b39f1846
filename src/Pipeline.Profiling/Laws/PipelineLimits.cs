namespace Pipeline.Profiling;

/// <summary>The two limits of a pipeline's speed-up over doing everything one after the other.</summary>
/// <param name="NoOverlap">With the serial stages and the parallel work one after the other: <c>(d + w + c) / (d + c)</c>, Amdahl's limit.</param>
/// <param name="Pipeline">With all stages at work at the same time: <c>(d + w + c) / max(d, c)</c>.</param>
/// <remarks>
/// d, w and c are the busy seconds per item of distribution, parallel work and collection. Serial stages add up in the first limit
/// and only compete in the second, so one number alone misleads. What stops everything adds to both. Infinite where nothing is serial.
/// </remarks>
public sealed record PipelineLimits(double NoOverlap, double Pipeline)
{
    /// <summary>Computes both limits.</summary>
    /// <param name="serialSecondsPerItem">Busy seconds per item of each part that only one worker can do.</param>
    /// <param name="parallelSecondsPerItem">Busy seconds per item of everything else.</param>
    /// <param name="stoppedSecondsPerItem">Seconds per item for which everything stopped, such as garbage collections; part of the busy seconds.</param>
    /// <returns>The two limits.</returns>
    public static PipelineLimits Of(
        IReadOnlyCollection<double> serialSecondsPerItem, double parallelSecondsPerItem, double stoppedSecondsPerItem = 0)
    {
        ArgumentNullException.ThrowIfNull(serialSecondsPerItem);
        double total = serialSecondsPerItem.Sum() + parallelSecondsPerItem;
        double serial = serialSecondsPerItem.Sum() + stoppedSecondsPerItem;
        double slowest = serialSecondsPerItem.Append(0).Max() + stoppedSecondsPerItem;
        return new PipelineLimits(
            serial > 0 ? total / serial : double.PositiveInfinity,
            slowest > 0 ? total / slowest : double.PositiveInfinity);
    }
}
