namespace Pipeline.Profiling;

/// <summary>How long a stage works on an item: constant, random or as measured. Immutable.</summary>
public sealed class StageTimes
{
    private readonly Func<long, Random, double> _draw;
    private readonly double _unscaledMean;
    private readonly double _factor;

    private StageTimes(
        double mean, Func<long, Random, double> draw, double factor = 1, bool varies = true, double longestShare = double.PositiveInfinity)
    {
        (_draw, _factor, Mean, Varies) = (draw, factor, mean * factor, varies && factor > 0);
        (_unscaledMean, LongestOverMedian) = (mean, Varies ? longestShare : 1);
    }

    /// <summary>Gets the mean.</summary>
    /// <value>Seconds per item, 0 or more.</value>
    public double Mean { get; }

    /// <summary>Gets a value indicating whether items differ.</summary>
    public bool Varies { get; }

    /// <summary>Gets how many times the median the longest time is; without bound for times that are drawn from a distribution.</summary>
    internal double LongestOverMedian { get; }

    /// <summary>Gives every item the same time.</summary>
    /// <param name="seconds">Seconds, 0 or more.</param>
    /// <returns>The times.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or not finite.</exception>
    public static StageTimes Constant(double seconds)
    {
        Check(seconds);
        return new StageTimes(seconds, (_, _) => seconds, varies: false);
    }

    /// <summary>Gives exponentially distributed times, for which closed forms are known.</summary>
    /// <param name="mean">Seconds, 0 or more.</param>
    /// <returns>The times.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The mean is negative or not finite.</exception>
    public static StageTimes Exponential(double mean)
    {
        Check(mean);
        return new StageTimes(mean, (_, random) => -mean * Math.Log(1 - random.NextDouble()));
    }

    /// <summary>Gives the times that were measured, by item where all were, else drawn from them.</summary>
    /// <param name="seconds">Seconds of each item in source order, at least one; copied.</param>
    /// <param name="replay">True to give item i the i-th time (again from the start when there are more items), which keeps what belongs together across
    /// stages; false to draw at random.</param>
    /// <returns>The times.</returns>
    /// <exception cref="ArgumentException">There is none, or one is negative or not finite.</exception>
    public static StageTimes Measured(IReadOnlyList<double> seconds, bool replay = true)
    {
        ArgumentNullException.ThrowIfNull(seconds);
        double[] times = [.. seconds];
        if (times.Length == 0 || times.Any(t => !double.IsFinite(t) || t < 0))
            throw new ArgumentException("Measured times must be at least one and each finite and 0 or more.", nameof(seconds));
        double mean = times.Average();
        bool varies = times.Any(t => t != times[0]);
        double longest = times.Max() / Quantile.Median(times);
        return replay
            ? new StageTimes(mean, (item, _) => times[item % times.Length], varies: varies, longestShare: longest)
            : new StageTimes(mean, (_, random) => times[random.Next(times.Length)], varies: varies, longestShare: longest);
    }

    /// <summary>Multiplies every time.</summary>
    /// <param name="factor">0 or more; 0.5 is a stage twice as fast, 0 one that costs nothing.</param>
    /// <returns>The scaled times.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    public StageTimes Scaled(double factor)
    {
        Check(factor);
        return new StageTimes(_unscaledMean, _draw, _factor * factor, Varies, LongestOverMedian);
    }

    /// <summary>Gives the time of one item.</summary>
    /// <param name="item">The item's number at the source, 0 or more.</param>
    /// <returns>Seconds; for random times one drawn from the item's number.</returns>
    public double At(long item) => Draw(item, new Random((int)item));

    /// <summary>Adds the same time to every item.</summary>
    internal StageTimes Plus(double seconds) =>
        new(Mean + seconds, (item, random) => Draw(item, random) + seconds, varies: Varies, longestShare: LongestOverMedian);

    internal double Draw(long item, Random random) => _draw(item, random) * _factor;

    private static void Check(double value)
    {
        if (!(double.IsFinite(value) && value >= 0))
            throw new ArgumentOutOfRangeException(nameof(value), value, "It must be finite and 0 or more.");
    }
}
