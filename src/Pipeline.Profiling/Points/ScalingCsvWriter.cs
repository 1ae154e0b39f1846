namespace Pipeline.Profiling;

/// <summary>Writes measured points as CSV that <see cref="ScalingCsvReader"/> reads.</summary>
public static class ScalingCsvWriter
{
    /// <summary>Writes one line per measured run.</summary>
    /// <param name="writer">Where to write; it is not disposed.</param>
    /// <param name="series">The series, all in the same unit.</param>
    /// <exception cref="ArgumentException">There is no series, or they have different units.</exception>
    public static void Write(TextWriter writer, IReadOnlyList<ScalingSeries> series)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(series);
        if (series.Select(s => s.Measure).Distinct().Count() != 1)
            throw new ArgumentException(
                "The series must be at least one and all in the same unit. Write one file per unit.", nameof(series));
        ScalingMeasure measure = series[0].Measure;
        bool hasItems = series.All(s => s.Samples.All(x => x.Items is not null));
        writer.Write($"series,workers,{ColumnOf(measure)}{(hasItems ? ",items" : "")}\n");
        foreach (ScalingSeries one in series)
        {
            foreach (ScalingSample sample in one.Samples)
            {
                double value = measure == ScalingMeasure.Seconds ? sample.Seconds : sample.Throughput;
                string items = hasItems ? Invariant($",{sample.Items:R}") : "";
                writer.Write(Invariant($"{CsvLine.Quote(one.Name)},{sample.Workers:R},{value:R}{items}\n"));
            }
        }
    }

    private static string ColumnOf(ScalingMeasure measure) => measure switch
    {
        ScalingMeasure.Seconds => "seconds",
        ScalingMeasure.Throughput => "throughput",
        ScalingMeasure.SpeedUp => "speedup",
        _ => "scaled_speedup",
    };
}
