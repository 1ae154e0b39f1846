namespace Pipeline.Profiling;

/// <summary>The Universal Scalability Law fitted to throughputs: <c>X(N) = gamma N / (1 + alpha (N - 1) + beta N (N - 1))</c>.</summary>
/// <remarks>
/// N. J. Gunther, arXiv 0808.1431. alpha is contention, beta coherency, gamma the throughput of one worker. It has no term for a
/// saturated stage, so a bottleneck is fitted as contention; and a beta from few worker counts predicts peaks that do not come.
/// </remarks>
public sealed record UslFit
{
    /// <summary>Gets the contention.</summary>
    /// <value>0 to 1.</value>
    public required double Alpha { get; init; }

    /// <summary>Gets the coherency.</summary>
    /// <value>0 or more.</value>
    public required double Beta { get; init; }

    /// <summary>Gets the throughput of one worker.</summary>
    /// <value>Units of work per second, more than 0.</value>
    public required double Gamma { get; init; }

    /// <summary>Gets the standard errors of alpha, beta and gamma.</summary>
    /// <value>Null with three points or fewer, where nothing is left to judge the scatter by.</value>
    public required UslStandardErrors? StandardErrors { get; init; }

    /// <summary>Gets the root of the mean squared residual, with the degrees of freedom that are left.</summary>
    /// <value>Units of work per second when <see cref="Weighting"/> is absolute, a share when relative; NaN with three points or fewer.</value>
    public required double ResidualStandardError { get; init; }

    /// <summary>Gets the degrees of freedom: points less parameters.</summary>
    public required int DegreesOfFreedom { get; init; }

    /// <summary>Gets how the points counted.</summary>
    public required UslWeighting Weighting { get; init; }

    /// <summary>Gets the corrected Akaike criterion; smaller is better, comparable for the same points and weighting.</summary>
    /// <value>Positive infinity with too few points for the correction.</value>
    public required double Aicc { get; init; }

    /// <summary>Gets the worker count of the highest throughput.</summary>
    /// <value><c>sqrt((1 - alpha) / beta)</c>; positive infinity where beta is 0.</value>
    public double PeakWorkers => Beta == 0 ? double.PositiveInfinity : Math.Sqrt((1 - Alpha) / Beta);

    /// <summary>Gets the highest throughput: at the peak, or the limit for ever more workers where there is no peak.</summary>
    /// <value>Units of work per second; positive infinity without contention and coherency.</value>
    public double PeakThroughput => Beta == 0 ? ContentionLimit : ThroughputAt(PeakWorkers);

    /// <summary>Gets the whole number of workers at the peak, which is what can be set.</summary>
    /// <value>The peak cut to a whole number; null where there is no peak.</value>
    public double? PeakWholeWorkers => Beta == 0 ? null : Math.Max(1, Math.Floor(PeakWorkers));

    /// <summary>Gets the throughput that contention alone would allow.</summary>
    /// <value><c>gamma / alpha</c>; positive infinity without contention.</value>
    public double ContentionLimit => Alpha == 0 ? double.PositiveInfinity : Gamma / Alpha;

    /// <summary>Computes the throughput.</summary>
    /// <param name="workers">Workers, more than 0.</param>
    /// <returns>Units of work per second.</returns>
    public double ThroughputAt(double workers) => Gamma * workers / (1 + (Alpha * (workers - 1)) + (Beta * workers * (workers - 1)));

    /// <summary>Computes how many workers reach a throughput.</summary>
    /// <param name="throughput">Units of work per second, more than 0.</param>
    /// <returns>The smaller worker count of the two that do; null when the throughput is above the peak.</returns>
    /// <remarks>The smaller root of <c>beta X N^2 + ((alpha - beta) X - gamma) N + (1 - alpha) X = 0</c>, without loss of digits for small beta.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The throughput is not more than 0.</exception>
    public double? WorkersFor(double throughput)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(throughput);
        double a = Beta * throughput;
        double b = Gamma - ((Alpha - Beta) * throughput);
        double c = (1 - Alpha) * throughput;
        double discriminant = (b * b) - (4 * a * c);
        if (b <= 0 || discriminant < 0)
            return null;
        return 2 * c / (b + Math.Sqrt(discriminant));
    }

    /// <summary>Computes the interval that the R package <c>usl</c> 3.0.3 prints as "95 %".</summary>
    /// <param name="value">The fitted value.</param>
    /// <param name="standardError">Its standard error.</param>
    /// <returns>The numbers of that package, for comparison only: a one-sided quantile with points less one degrees of freedom, which is too narrow.</returns>
    public ConfidenceInterval IntervalAsPrintedByR(double value, double standardError)
    {
        double half = StudentT.TwoSidedFactor(0.90, DegreesOfFreedom + 2) * standardError;
        return new ConfidenceInterval(value - half, value + half, 0.95);
    }

    /// <summary>Computes the interval of a parameter.</summary>
    /// <param name="value">The fitted value.</param>
    /// <param name="standardError">Its standard error.</param>
    /// <param name="level">The level, 0.5 to 0.999.</param>
    /// <returns>The two-sided interval by Student's t with <see cref="DegreesOfFreedom"/>.</returns>
    /// <exception cref="InvalidOperationException">There are no degrees of freedom.</exception>
    public ConfidenceInterval IntervalOf(double value, double standardError, double level = 0.95)
    {
        if (DegreesOfFreedom < 1)
            throw new InvalidOperationException("Three points determine the three parameters and leave nothing to judge their scatter "
                + "by. Measure more worker counts.");
        double half = StudentT.TwoSidedFactor(level, DegreesOfFreedom) * standardError;
        return new ConfidenceInterval(value - half, value + half, level);
    }
}
