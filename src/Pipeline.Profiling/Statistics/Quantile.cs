namespace Pipeline.Profiling;

/// <summary>Quantiles of samples, linear between order statistics.</summary>
internal static class Quantile
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return OfSorted(sorted, 0.5);
    }

    public static double OfSorted(ReadOnlySpan<double> sorted, double probability)
    {
        double at = probability * (sorted.Length - 1);
        int below = (int)Math.Floor(at);
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>The central interval that holds a share of the values. Sorts them in place.</summary>
    public static ConfidenceInterval Central(double[] values, double level)
    {
        Array.Sort(values);
        double tail = (1 - level) / 2;
        return new ConfidenceInterval(OfSorted(values, tail), OfSorted(values, 1 - tail), level);
    }
}
