using System.Text.Json;

namespace Pipeline.Profiling;

/// <summary>Writes the timeline of a run in the Chrome trace format, which Perfetto (ui.perfetto.dev) and chrome://tracing open.</summary>
/// <remarks>
/// One track per worker, so that slices on a track never overlap, which the format requires, and one counter per stage for the items that wait in front of it.
/// Events are of the kinds <c>M</c>, <c>X</c> and <c>C</c> of the Trace Event Format; times are in microseconds.
/// </remarks>
public static class TimelineTrace
{
    /// <summary>Writes the timeline.</summary>
    /// <param name="stream">Where to write; it is not disposed.</param>
    /// <param name="report">A run with <see cref="RunOptions.RecordTimeline"/> set.</param>
    /// <exception cref="ArgumentException">The run recorded no timeline.</exception>
    public static void Write(Stream stream, RunReport report)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(report);
        if (report.Timeline.Count == 0)
            throw new ArgumentException($"The run of '{report.PipelineName}' recorded no timeline. Set RunOptions.RecordTimeline before "
                + $"the run.", nameof(report));
        using Utf8JsonWriter json = new(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        WriteName(json, "process_name", 0, report.PipelineName);
        Dictionary<(string Stage, int Worker), int> tracks = [];
        foreach ((string stage, int worker) in Tracks(report))
        {
            tracks.Add((stage, worker), tracks.Count + 1);
            WriteName(json, "thread_name", tracks.Count, $"{stage} {worker + 1}");
        }

        foreach (TimelineEntry entry in report.Timeline)
        {
            Start(json, "X", $"{entry.Stage} {entry.SequenceNumber}");
            json.WriteString("cat", entry.Stage);
            json.Numbers(
                ("ts", entry.Start.TotalMicroseconds),
                ("dur", (entry.End - entry.Start).TotalMicroseconds),
                ("tid", tracks[(entry.Stage, entry.Worker)]));
            json.Object("args", ("item", entry.SequenceNumber));
            json.WriteEndObject();
        }

        string[] stages = [.. tracks.Keys.Select(t => t.Stage).Distinct()];
        foreach ((string before, string stage) in stages.Zip(stages.Skip(1)))
            WriteCounter(json, report, before, stage);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static IEnumerable<(string Stage, int Worker)> Tracks(RunReport report)
    {
        List<string> order = [report.Source?.Name ?? "source", .. report.Stages.Select(s => s.Name), report.Sink?.Name ?? "sink"];
        return report.Timeline.Select(t => (t.Stage, t.Worker)).Distinct().OrderBy(t => order.IndexOf(t.Stage)).ThenBy(t => t.Worker);
    }

    /// <summary>A counter track: how many items wait in front of a stage.</summary>
    private static void WriteCounter(Utf8JsonWriter json, RunReport report, string before, string stage)
    {
        foreach ((double seconds, int length) in QueueSteps.Of(report, before, stage))
        {
            Start(json, "C", $"waiting for {stage}");
            json.Number("ts", seconds * 1e6);
            json.Object("args", ("items", length));
            json.WriteEndObject();
        }
    }

    private static void WriteName(Utf8JsonWriter json, string kind, int track, string name)
    {
        Start(json, "M", kind);
        json.WriteNumber("tid", track);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Start(Utf8JsonWriter json, string phase, string name)
    {
        json.WriteStartObject();
        json.WriteString("ph", phase);
        json.WriteString("name", name);
        json.WriteNumber("pid", 1);
    }
}
