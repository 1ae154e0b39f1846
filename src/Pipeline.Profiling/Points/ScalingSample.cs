namespace Pipeline.Profiling;

/// <summary>One measured run: how many workers it had and how long it took.</summary>
/// <param name="Workers">Workers (or processors, threads, concurrent users), more than 0. May be a fraction, since some sources report an average.</param>
/// <param name="Seconds">Seconds for a fixed amount of work, more than 0. For measured throughput this is the time per unit of work, for measured speed-up the
/// time relative to the baseline.</param>
public sealed record ScalingSample(double Workers, double Seconds)
{
    /// <summary>Gets how much work this run did.</summary>
    /// <value>Items, more than 0; null when not told, which means the same in every run.</value>
    public double? Items { get; init; }

    /// <summary>Gets the units of work per second.</summary>
    public double Throughput => 1 / Seconds;
}
