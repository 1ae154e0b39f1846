using System.Text.Json;

namespace Pipeline.Infra;

/// <summary>Writes a report as JSON (schema pipeline.infra.report/1).</summary>
internal static class ClaimReportJson
{
    internal static void Write(Stream stream, ClaimReport report)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("schema", "pipeline.infra.report/1");
        WriteStrings(json, "files", report.Files);
        json.WriteNumber("exitCode", report.ExitCode);
        json.WriteStartArray("verdicts");
        foreach (Verdict verdict in report.Verdicts)
            Write(json, verdict);
        json.WriteEndArray();
        WriteStrings(json, "assumptions", report.Assumptions);
        json.WriteStartArray("findings");
        foreach (Finding finding in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Code);
            WritePlace(json, finding.At);
            json.WriteString("message", finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        report.Mutations?.Write(json);
        json.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter json, Verdict verdict)
    {
        json.WriteStartObject();
        json.WriteString("claim", verdict.Claim);
        WritePlace(json, verdict.At);
        json.WriteString("answer", verdict.Answer switch { Answer.Proved => "proved", Answer.Refuted => "refuted", Answer.Blocked => "blocked", _ => "cannot-tell" });
        json.WriteString("summary", verdict.Summary);
        if (verdict.Packet is { } packet)
            json.WriteString("packet", packet);
        json.WriteStartArray("steps");
        foreach (VerdictStep step in verdict.Steps)
        {
            json.WriteStartObject();
            json.WriteString("code", step.Code);
            json.WriteBoolean("isReply", step.IsReply);
            json.WriteString("text", step.Text);
            WritePlace(json, step.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("missing");
        foreach (Gap gap in verdict.Gaps)
        {
            json.WriteStartObject();
            json.WriteString("resource", gap.Resource);
            json.WriteString("property", gap.Property);
            WritePlace(json, gap.At);
            json.WriteString("reason", gap.Reason);
            json.WriteString("give", gap.Give);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteStrings(json, "notes", verdict.Notes);
        json.WriteEndObject();
    }

    internal static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WritePlace(Utf8JsonWriter json, Location at)
    {
        json.WriteString("file", at.File);
        json.WriteNumber("line", at.Line);
    }
}
