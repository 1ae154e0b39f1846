using System.Globalization;

namespace Pipeline.Benchmarks;

/// <summary>The ratios of two variants that ran in the same rounds: their median, and the interval that holds the true median with 95 %.</summary>
internal readonly record struct PairRatio(double Median, double Least, double Most)
{
    /// <summary>
    /// Takes the ratio of each round. The interval is that of order statistics: ranks within 1.96 standard deviations of a fair coin around the middle.
    /// </summary>
    public static PairRatio Of(IReadOnlyList<double> ours, IReadOnlyList<double> theirs)
    {
        double[] ratios = [.. ours.Zip(theirs, static (a, b) => a / b).Order()];
        int middle = ratios.Length / 2, reach = (int)Math.Ceiling(0.98 * Math.Sqrt(ratios.Length));
        double median = ratios.Length % 2 == 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2;
        return new PairRatio(median, ratios[Math.Max(0, middle - reach)], ratios[Math.Min(ratios.Length - 1, middle + reach)]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:F3} [{Least:F3}, {Most:F3}]");
}
