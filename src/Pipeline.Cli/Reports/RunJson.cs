using System.Text.Json;

namespace Pipeline.Cli;

/// <summary>Writes the report of a run as JSON, schema <c>pipeline.run/1</c>; docs/reference/command-line.md lists the fields.</summary>
internal static class RunJson
{
    private static readonly JsonWriterOptions s_indented =
        new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the document.</summary>
    public static byte[] Write(JobResult result)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, s_indented))
        {
            json.WriteStartObject();
            WriteHead(json, result);
            WriteItems(json, result);
            WriteMemory(json, result);
            WriteStages(json, result.Report);
            WriteBottleneck(json, result);
            WriteAnalysis(json, result);
            WriteOutputs(json, result);
            WriteBilling(json, result);
            WriteFailures(json, result);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private static void WriteHead(Utf8JsonWriter json, JobResult result)
    {
        json.WriteString("schema", "pipeline.run/1");
        json.WriteString("pipeline", result.Report.PipelineName);
        json.WriteString("outcome", result.Report.Outcome.ToString().ToLowerInvariant());
        json.WriteNumber("exitCode", result.ExitCode);
        if (result.StopReason is { } reason)
            json.WriteString("stopReason", reason);
        json.WriteNumber("elapsedSeconds", Seconds(result.Report.Elapsed));
        json.WriteNumber("itemsPerSecond", Math.Round(result.PhotosPerSecond, 4));
        json.WriteString("executor", result.Settings.InProcesses ? "processes" : "tasks");
        json.WriteNumber("workers", result.Settings.Workers);
        json.WriteString("outputFolder", result.Settings.OutputFolder);
    }

    private static void WriteItems(Utf8JsonWriter json, JobResult result)
    {
        int unreadable = result.Inputs.Problems.Count;
        json.WriteStartObject("items");
        json.WriteNumber("in", result.Report.ItemsIn + unreadable);
        json.WriteNumber("completed", result.Report.ItemsCompleted);
        json.WriteNumber("failed", result.Report.ItemsFailed + unreadable);
        json.WriteNumber("skipped", result.Report.ItemsSkipped);
        json.WriteNumber("unfinished", result.Report.ItemsUnfinished);
        json.WriteNumber("resumed", result.Resumed);
        json.WriteNumber("notStarted", result.PhotosToDo - result.Report.ItemsIn);
        json.WriteNumber("passedOver", result.Inputs.PassedOver.Count);
        json.WriteNumber("duplicates", result.Inputs.Duplicates);
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, JobResult result)
    {
        json.WriteStartObject("memory");
        WriteNumberOrNull(json, "budgetBytes", result.Report.MemoryBudgetBytes);
        json.WriteNumber("peakInFlightBytes", result.Report.PeakInFlightBytes);
        WriteNumberOrNull(json, "peakRssBytes", result.PeakRssBytes);
        json.WriteNumber("itemsOverBudget", result.Report.ItemsOverBudget);
        json.WriteEndObject();
    }

    private static void WriteStages(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartArray("stages");
        foreach (StageReport stage in report.Stages)
        {
            json.WriteStartObject();
            json.WriteString("name", stage.Name);
            json.WriteNumber("workers", stage.Workers);
            json.WriteNumber("items", stage.Items);
            json.WriteNumber("retries", stage.Retries);
            json.WriteNumber("failures", stage.Failures);
            json.WriteNumber("busySeconds", Seconds(stage.Busy));
            json.WriteNumber("starvedSeconds", Seconds(stage.Starved));
            json.WriteNumber("blockedSeconds", Seconds(stage.Blocked));
            json.WriteNumber("blockedByAdmissionSeconds", Seconds(stage.BlockedByAdmission));
            json.WriteNumber("orderingSeconds", Seconds(stage.Ordering));
            json.WriteNumber("frameworkSeconds", Seconds(stage.Framework));
            json.WriteNumber("peakQueueLength", stage.PeakQueueLength);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBottleneck(Utf8JsonWriter json, JobResult result)
    {
        json.WriteStartObject("bottleneck");
        json.WriteString("stage", result.Cause?.Names.FirstOrDefault());
        json.WriteString("sentence", result.Verdict);
        json.WriteEndObject();
    }

    private static void WriteAnalysis(Utf8JsonWriter json, JobResult result)
    {
        if (result.Profile is not { } profile)
            return;
        using MemoryStream buffer = new();
        ProfileJson.Write(buffer, [profile]);
        json.WritePropertyName("analysis");
        using JsonDocument document = JsonDocument.Parse(buffer.ToArray());
        document.RootElement.WriteTo(json);
    }

    private static void WriteOutputs(Utf8JsonWriter json, JobResult result)
    {
        json.WriteStartArray("outputs");
        foreach (PhotoResult photo in result.Photos)
        {
            foreach (FinishedOutput output in photo.Outputs)
            {
                json.WriteStartObject();
                json.WriteString("source", photo.Photo.Photo.Path);
                json.WriteString("path", Path.Combine(result.Settings.OutputFolder, output.Path));
                json.WriteNumber("requestedWidth", output.RequestedWidth);
                json.WriteNumber("width", output.Width);
                json.WriteNumber("height", output.Height);
                json.WriteString("format", output.Format);
                json.WriteNumber("bytes", output.Bytes);
                json.WriteString("sha256", output.Sha256);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static void WriteBilling(Utf8JsonWriter json, JobResult result)
    {
        if (result.Charged is not { } charged)
            return;
        json.WriteStartObject("billing");
        json.WriteNumber("charged", charged);
        json.WriteEndObject();
    }

    private static void WriteFailures(Utf8JsonWriter json, JobResult result)
    {
        json.WriteStartArray("failures");
        foreach (PhotoFailureInfo failure in result.Failures)
        {
            json.WriteStartObject();
            json.WriteString("source", failure.Source);
            json.WriteString("stage", failure.Stage);
            json.WriteNumber("attempts", failure.Attempts);
            json.WriteString("error", failure.Error);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);
}
