using System.Globalization;

namespace Pipeline.Profiling;

/// <summary>Which column of a CSV holds what.</summary>
internal sealed class ScalingCsvColumns
{
    private static readonly string[] s_workers =
    [
        "workers", "n", "p", "threads", "cores", "processors", "processes", "cpus", "concurrency", "load", "users", "clients", "pods",
        "nodes", "ranks", "tasks", "degree", "parallelism", "num_workers", "num_threads", "num_cores", "active_sessions",
    ];

    private static readonly (string Name, ScalingMeasure Measure)[] s_measures =
    [
        ("seconds", ScalingMeasure.Seconds), ("time", ScalingMeasure.Seconds), ("time_s", ScalingMeasure.Seconds),
            ("elapsed", ScalingMeasure.Seconds),
        ("elapsed_s", ScalingMeasure.Seconds), ("elapsed_seconds", ScalingMeasure.Seconds), ("elapsedseconds", ScalingMeasure.Seconds),
        ("wall_s", ScalingMeasure.Seconds), ("s", ScalingMeasure.Seconds), ("throughput", ScalingMeasure.Throughput),
            ("rate", ScalingMeasure.Throughput),
        ("items_per_second", ScalingMeasure.Throughput), ("fom", ScalingMeasure.Throughput), ("speedup", ScalingMeasure.SpeedUp),
            ("speed_up", ScalingMeasure.SpeedUp),
        ("scaled_speedup", ScalingMeasure.ScaledSpeedUp), ("scaled_speed_up", ScalingMeasure.ScaledSpeedUp),
    ];

    private readonly string[] _header;
    private readonly int _workersAt;
    private readonly int _measureAt;
    private readonly int _itemsAt;
    private readonly int[] _namesAt;

    private ScalingCsvColumns(string[] header, int workersAt, int measureAt, ScalingMeasure measure, int itemsAt, int[] namesAt)
    {
        (_header, _workersAt, _measureAt, Measure, _itemsAt, _namesAt) = (header, workersAt, measureAt, measure, itemsAt, namesAt);
    }

    public ScalingMeasure Measure { get; }

    public static ScalingCsvColumns Find(string[] header, int line, IReadOnlyList<string[]> rows, string source)
    {
        string[] names = [.. header.Select(h => h.ToLowerInvariant().Replace(' ', '_').Replace('-', '_'))];
        int measureAt = -1;
        ScalingMeasure measure = default;
        foreach ((string name, ScalingMeasure kind) in s_measures)
        {
            if (measureAt < 0 && (measureAt = Array.IndexOf(names, name)) >= 0)
                measure = kind;
        }

        if (measureAt < 0)
            throw new ScalingCsvException(source, line, $"no column 'seconds', 'throughput', 'speedup' or 'scaled_speedup' among "
                + $"{string.Join(", ", header)}. Rename the measured column to one of them.");
        int workersAt = s_workers.Select(w => Array.IndexOf(names, w)).FirstOrDefault(i => i >= 0, -1);
        if (workersAt < 0 && header.Length == 2)
            workersAt = 1 - measureAt;
        if (workersAt < 0)
            throw new ScalingCsvException(source, line, $"no column 'workers' among {string.Join(", ", header)}. Rename the column of "
                + $"worker counts to 'workers'.");

        int seriesAt = Array.IndexOf(names, "series");
        int[] namesAt = seriesAt >= 0
            ? [seriesAt]
            : [.. Enumerable.Range(0, header.Length).Where(i => i != workersAt && i != measureAt && IsText(rows, i))];
        return new ScalingCsvColumns(header, workersAt, measureAt, measure, Array.IndexOf(names, "items"), namesAt);
    }

    public string NameOf(string[] fields, string otherwise) =>
        _namesAt.Length == 0 ? otherwise : string.Join(' ', _namesAt.Select(i => fields[i]));

    public ScalingSample SampleOf(string[] fields, int line, string source)
    {
        double workers = Positive(fields, _workersAt, line, source);
        double value = Positive(fields, _measureAt, line, source);
        return new ScalingSample(workers, Measure == ScalingMeasure.Seconds ? value : 1 / value)
        {
            Items = _itemsAt < 0 ? null : Positive(fields, _itemsAt, line, source),
        };
    }

    private static bool IsText(IReadOnlyList<string[]> rows, int column) =>
        rows.All(r => r.Length <= column
            || (r[column].Length > 0 && !double.TryParse(r[column], NumberStyles.Float, CultureInfo.InvariantCulture, out _)));

    private double Positive(string[] fields, int column, int line, string source) =>
        double.TryParse(fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            && value > 0
            ? value
            : throw new ScalingCsvException(source, line, $"'{fields[column]}' in column '{_header[column]}' is not a number more than "
                + $"0. Use a point as the decimal sign.");
}
