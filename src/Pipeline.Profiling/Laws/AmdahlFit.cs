namespace Pipeline.Profiling;

/// <summary>Amdahl's law fitted to measured times: <c>T(N) = serial + parallel / N</c>.</summary>
/// <remarks>
/// G. M. Amdahl, AFIPS 1967; holds for fixed work, one phase serial and the rest divisible, and workers that are real processors.
/// A fitted serial fraction is a description of the points: a pipeline whose stages overlap, or a shared memory bus, can look serial.
/// </remarks>
public sealed record AmdahlFit
{
    /// <summary>Gets the time that more workers do not shorten.</summary>
    /// <value>Seconds, 0 or more.</value>
    public required double SerialSeconds { get; init; }

    /// <summary>Gets the time at one worker that divides among the workers.</summary>
    /// <value>Seconds, 0 or more.</value>
    public required double ParallelSeconds { get; init; }

    /// <summary>Gets the interval of <see cref="SerialFraction"/> by bootstrap.</summary>
    public required ConfidenceInterval SerialFractionInterval { get; init; }

    /// <summary>Gets the typical relative distance of a point from the curve.</summary>
    /// <value>A share of the time, 0 or more.</value>
    public required double RelativeStandardError { get; init; }

    /// <summary>Gets, per worker count, measured over fitted time minus one.</summary>
    public required IReadOnlyList<double> RelativeResiduals { get; init; }

    /// <summary>Gets the refits of the bootstrap, from which every interval is taken.</summary>
    internal IReadOnlyList<(double Serial, double Parallel)> Refits { get; init; } = [];

    /// <summary>Gets the serial share of the time at one worker.</summary>
    /// <value>0 to 1.</value>
    public double SerialFraction => SerialSeconds / (SerialSeconds + ParallelSeconds);

    /// <summary>Gets the speed-up that no number of workers exceeds.</summary>
    /// <value>1 or more; positive infinity when no serial part was seen.</value>
    public double Limit => AmdahlLaw.Limit(SerialFraction);

    /// <summary>Gets the interval of <see cref="Limit"/>; open above when the points allow that nothing is serial.</summary>
    public ConfidenceInterval LimitInterval =>
        new(AmdahlLaw.Limit(SerialFractionInterval.High), AmdahlLaw.Limit(SerialFractionInterval.Low), SerialFractionInterval.Level);

    /// <summary>Computes the time at a number of workers.</summary>
    /// <param name="workers">Workers, more than 0.</param>
    /// <returns>Seconds.</returns>
    public double SecondsAt(double workers) => SerialSeconds + (ParallelSeconds / workers);

    /// <summary>Computes the speed-up over one worker.</summary>
    /// <param name="workers">Workers, more than 0.</param>
    /// <returns>The fitted time at one worker over that at <paramref name="workers"/>.</returns>
    public double SpeedUpAt(double workers) => SecondsAt(1) / SecondsAt(workers);
}
