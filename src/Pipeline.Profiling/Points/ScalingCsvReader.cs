namespace Pipeline.Profiling;

/// <summary>Reads measured points from CSV.</summary>
/// <remarks>
/// The first line that is neither empty nor a <c>#</c> comment names the columns. One column holds the workers (<c>workers</c>,
/// <c>threads</c>, <c>cores</c>, <c>processors</c>, <c>concurrency</c>, <c>load</c>, <c>N</c>, ...), one the measurement: <c>seconds</c>,
/// <c>throughput</c>, <c>speedup</c> or <c>scaled_speedup</c>. A column <c>series</c> splits the file into several series; without it,
/// columns of text name the series. A column <c>items</c> tells how much work a run did. Other columns are passed over.
/// </remarks>
public static class ScalingCsvReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The series in the order of their first line.</returns>
    /// <exception cref="ScalingCsvException">The content cannot be understood; the message names the line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<ScalingSeries> ReadFile(string path)
    {
        using StreamReader reader = new(path);
        return Read(reader, Path.GetFileName(path));
    }

    /// <summary>Reads text.</summary>
    /// <param name="reader">The text; it is read to its end and not disposed.</param>
    /// <param name="sourceName">What to call the text in errors and what to call a single unnamed series.</param>
    /// <returns>The series in the order of their first line.</returns>
    /// <exception cref="ScalingCsvException">The content cannot be understood; the message names the line.</exception>
    public static IReadOnlyList<ScalingSeries> Read(TextReader reader, string sourceName)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(sourceName);
        List<(int Line, string[] Fields)> rows = [.. DataRows(reader)];
        if (rows.Count == 0)
            throw new ScalingCsvException(sourceName, 1, "there is no header. Start with a line such as 'workers,seconds'.");
        if (rows.Count == 1)
            throw new ScalingCsvException(sourceName, rows[0].Line, "there is a header, but no measured point below it.");

        ScalingCsvColumns columns = ScalingCsvColumns.Find(
            rows[0].Fields, rows[0].Line, [.. rows.Skip(1).Select(r => r.Fields)], sourceName);
        Dictionary<string, List<ScalingSample>> series = [];
        List<string> order = [];
        foreach ((int line, string[] fields) in rows.Skip(1))
        {
            if (fields.Length != rows[0].Fields.Length)
                throw new ScalingCsvException(sourceName, line, $"{fields.Length} fields where the header has {rows[0].Fields.Length}. "
                    + $"Quote a field that holds a comma.");
            string name = columns.NameOf(fields, Path.GetFileNameWithoutExtension(sourceName));
            if (!series.TryGetValue(name, out List<ScalingSample>? samples))
            {
                series[name] = samples = [];
                order.Add(name);
            }

            samples.Add(columns.SampleOf(fields, line, sourceName));
        }

        return [.. order.Select(name => new ScalingSeries(name, columns.Measure, series[name]))];
    }

    private static IEnumerable<(int Line, string[] Fields)> DataRows(TextReader reader)
    {
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line) && !line.AsSpan().TrimStart().StartsWith("#", StringComparison.Ordinal))
                yield return (number, CsvLine.Split(line.TrimStart('\uFEFF')));
        }
    }
}
