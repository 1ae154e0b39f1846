using System.Diagnostics;

namespace Pipeline.Processes.Benchmarks;

/// <summary>Summaries of measured times.</summary>
internal static class Statistics
{
    public static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    public static Summary Summarize(long[] ticks)
    {
        long[] sorted = [.. ticks.Order()];
        return new Summary(
            Microseconds(sorted[0]), Microseconds(sorted[sorted.Length / 2]), Microseconds(sorted[sorted.Length * 99 / 100]));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
