namespace Pipeline.Profiling;

/// <summary>Akaike's criterion, corrected for few points (Hurvich and Tsai 1989).</summary>
internal static class InformationCriterion
{
    public static double Aicc(int points, double sumOfSquares, int parameters)
    {
        int k = parameters + 1; // the variance is estimated too
        if (points - k - 1 <= 0)
            return double.PositiveInfinity;
        double likelihood = points * Math.Log(Math.Max(sumOfSquares, 1e-300) / points);
        return likelihood + (2.0 * k) + (2.0 * k * (k + 1) / (points - k - 1));
    }
}
