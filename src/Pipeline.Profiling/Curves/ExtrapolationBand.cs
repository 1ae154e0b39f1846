namespace Pipeline.Profiling;

/// <summary>How wrong a prediction beyond the measured worker counts may be, from published measurements.</summary>
/// <remarks>
/// The factors are the 90 % quantiles of the error of Amdahl fits on 43 PARSEC series and five other published sets, fitted at low
/// and scored at high worker counts, by how far the prediction reached. Leave-one-benchmark-out they held 87 to 92 % of the points
/// up to six times the largest measured worker count and 65 % beyond, where this class therefore refuses.
/// </remarks>
public static class ExtrapolationBand
{
    /// <summary>The level of the band.</summary>
    public const double Level = 0.90;

    /// <summary>The farthest extrapolation that gets a band: times the largest measured worker count.</summary>
    public const double MaxRatio = 6;

    private static readonly (double Ratio, double Factor)[] s_factors =
        [(1, 1.10), (1.5, 1.17), (2, 1.24), (3, 1.40), (4, 1.49), (MaxRatio, 1.78)];

    /// <summary>Gives the factor of the band.</summary>
    /// <param name="ratio">The predicted worker count over the largest measured one, more than 0.</param>
    /// <returns>A factor f such that 90 % of true values lie in [prediction / f, prediction * f]; null beyond <see cref="MaxRatio"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The ratio is not more than 0.</exception>
    public static double? FactorFor(double ratio)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ratio);
        foreach ((double reach, double factor) in s_factors)
        {
            if (ratio <= reach)
                return factor;
        }

        return null;
    }

    /// <summary>Names the smallest run that would allow a prediction.</summary>
    /// <param name="workers">The worker count to predict.</param>
    /// <returns>The worker count to measure.</returns>
    public static int RunThatWouldTell(double workers) => (int)Math.Ceiling(workers / MaxRatio);
}
