namespace Pipeline.Profiling;

/// <summary>Fits the Universal Scalability Law with non-negative parameters.</summary>
/// <remarks>Projected Levenberg-Marquardt from several starts; one point per worker count (the median of its repeats).</remarks>
public static class UslEstimator
{
    /// <summary>The fewest worker counts for a fit that says something: three parameters and three points to judge them by.</summary>
    public const int FewestPoints = 6;

    /// <summary>Fits measured runs.</summary>
    /// <param name="samples">Runs at 3 or more worker counts; below <see cref="FewestPoints"/> the intervals say nothing.</param>
    /// <param name="weighting">How points count.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ArgumentException">There are fewer than three worker counts.</exception>
    public static UslFit Fit(IReadOnlyList<ScalingSample> samples, UslWeighting weighting = UslWeighting.Absolute) =>
        Fit(samples, weighting, coherency: true);

    /// <summary>The same with beta held at 0, which is Amdahl's law in throughputs: what the full law has to beat.</summary>
    internal static UslFit FitWithoutCoherency(IReadOnlyList<ScalingSample> samples, UslWeighting weighting) =>
        Fit(samples, weighting, coherency: false);

    private static UslFit Fit(IReadOnlyList<ScalingSample> samples, UslWeighting weighting, bool coherency)
    {
        ArgumentNullException.ThrowIfNull(samples);
        SeriesPoint[] points = SeriesPoint.Of(samples);
        if (points.Length < 3)
            throw new ArgumentException($"The Universal Scalability Law has three unknowns; {points.Length} worker counts cannot give "
                + $"them. Measure {FewestPoints} or more.", nameof(samples));
        UslSolver solver = new(points, weighting, coherency);
        (double[] parameters, double squares) = solver.Solve();
        int free = coherency ? 3 : 2;
        int degrees = points.Length - free;
        return new UslFit
        {
            Alpha = parameters[0],
            Beta = parameters[1],
            Gamma = parameters[2],
            StandardErrors = degrees < 1 ? null : solver.StandardErrors(parameters, squares / degrees),
            ResidualStandardError = degrees < 1 ? double.NaN : Math.Sqrt(squares / degrees),
            DegreesOfFreedom = degrees,
            Weighting = weighting,
            Aicc = Aicc(points.Length, squares, free),
        };
    }

    /// <summary>Akaike's criterion, corrected for few points (Hurvich and Tsai 1989).</summary>
    private static double Aicc(int points, double sumOfSquares, int parameters)
    {
        int k = parameters + 1; // the variance is estimated too
        if (points - k - 1 <= 0)
            return double.PositiveInfinity;
        double likelihood = points * Math.Log(Math.Max(sumOfSquares, 1e-300) / points);
        return likelihood + (2.0 * k) + (2.0 * k * (k + 1) / (points - k - 1));
    }
}
