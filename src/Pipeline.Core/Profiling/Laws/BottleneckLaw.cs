namespace Pipeline.Core.Profiling;

/// <summary>The bottleneck law: no pipeline is faster than <c>min(workers / demand)</c> over its stages.</summary>
/// <remarks>
/// Operational analysis (P. J. Denning and J. P. Buzen 1978). It is reached only where stage times do not vary or the queues are
/// long; a simulation tells how much of it a real pipeline gets.
/// </remarks>
public sealed class BottleneckLaw
{
    /// <summary>Stages within this share of the slowest pace are named as a tie.</summary>
    public const double TieMargin = 0.05;

    private readonly StageDemand[] _stages;

    /// <summary>Applies the law.</summary>
    /// <param name="stages">The stages, at least one with a demand above 0.</param>
    /// <param name="processorLimit">How many stage bodies can run at once over all stages; null for no such limit.</param>
    /// <exception cref="ArgumentException">No stage has a demand.</exception>
    public BottleneckLaw(IEnumerable<StageDemand> stages, int? processorLimit = null)
    {
        ArgumentNullException.ThrowIfNull(stages);
        _stages = [.. stages];
        if (_stages.Length == 0 || _stages.All(s => s.SecondsPerItem <= 0))
            throw new ArgumentException("No stage has any busy time, so nothing can be the bottleneck. Measure a run with at least one item.", nameof(stages));
        if (processorLimit is { } limit)
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(processorLimit));
        ProcessorLimit = processorLimit;
    }

    /// <summary>Gets how many stage bodies can run at once.</summary>
    /// <value>Null for no limit over all stages.</value>
    public int? ProcessorLimit { get; }

    /// <summary>Gets the stages that set the pace: the slowest and those within <see cref="TieMargin"/> of it, slowest first.</summary>
    public IReadOnlyList<StageDemand> Bottlenecks
    {
        get
        {
            double pace = _stages.Max(s => s.Pace);
            return [.. _stages.Where(s => s.Pace >= pace * (1 - TieMargin)).OrderByDescending(s => s.Pace)];
        }
    }

    /// <summary>Gets the stage that would set the pace if the bottleneck cost nothing.</summary>
    /// <value>Null when the pipeline has no other stage with a demand.</value>
    public StageDemand? RunnerUp => _stages.Where(s => s.SecondsPerItem > 0).OrderByDescending(s => s.Pace).Skip(1).FirstOrDefault();

    /// <summary>Gets a value indicating whether the limit over all stages binds before any stage does.</summary>
    public bool ProcessorsBind => ProcessorLimit is { } limit && TotalSecondsPerItem / limit > _stages.Max(s => s.Pace);

    /// <summary>Gets the busy time of one item over all stages.</summary>
    public double TotalSecondsPerItem => _stages.Sum(s => s.SecondsPerItem);

    /// <summary>Gets the highest throughput.</summary>
    /// <value>Items per second.</value>
    public double MaxThroughput => 1 / Math.Max(_stages.Max(s => s.Pace), ProcessorLimit is { } limit ? TotalSecondsPerItem / limit : 0);
}
