using System.Text.Json;

namespace Pipeline.Profiling;

/// <summary>Writes profiles as JSON, schema <c>pipeline.profile/1</c>.</summary>
/// <remarks>One profile is one object; several are an object with an array <c>series</c> of such objects. Numbers without a finite value are null.</remarks>
public static class ProfileJson
{
    /// <summary>The schema's name.</summary>
    public const string Schema = "pipeline.profile/1";

    /// <summary>Reads the predictions of a profile back.</summary>
    /// <param name="stream">What <see cref="Write"/> wrote for one profile with a run; it is not disposed.</param>
    /// <returns>The predictions and the times that they start from.</returns>
    /// <exception cref="FormatException">It is no such document.</exception>
    public static StoredProfile Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            using JsonDocument document = JsonDocument.Parse(stream);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException(
                $"This is no profile of a run ({e.Message}). Give a file that 'pipeline profile PHOTOS --json' or ProfileJson.Write wrote, "
                + $"schema {Schema}, of one profile with a run.",
                e);
        }
    }

    /// <summary>Writes profiles.</summary>
    /// <param name="stream">Where to write; it is not disposed.</param>
    /// <param name="reports">The profiles, at least one.</param>
    public static void Write(Stream stream, IReadOnlyList<ProfileReport> reports)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(reports);
        ArgumentOutOfRangeException.ThrowIfZero(reports.Count, nameof(reports));
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        if (reports.Count == 1)
            ProfileJsonWriter.Write(json, reports[0]);
        else
            json.Array("series", reports, report => ProfileJsonWriter.Write(json, report));
        json.WriteEndObject();
    }

    private static StoredProfile Read(JsonElement root)
    {
        if (root.GetProperty("schema").GetString() is var schema && schema != Schema)
            throw new JsonException($"the schema is '{schema}'");
        double[] one =
        [
            .. root.GetProperty("samples").EnumerateArray()
                .Where(s => s.GetProperty("workers").GetDouble() == 1)
                .Select(s => s.GetProperty("seconds").GetDouble()),
        ];
        return new StoredProfile(
            Text(root, "name"),
            root.GetProperty("items").GetInt64(),
            root.GetProperty("workers").GetInt32(),
            root.GetProperty("elapsedSeconds").GetDouble(),
            one.Length == 0 ? null : Quantile.Median(one),
            [.. root.GetProperty("prediction").EnumerateArray().Where(p => IsNumber(p, "speedup")).Select(ReadPrediction)],
            root.GetProperty("whatIf").EnumerateArray()
                .ToDictionary(w => Text(w, "change"), w => w.GetProperty("gain").GetDouble(), StringComparer.Ordinal));
    }

    private static ScalingPrediction ReadPrediction(JsonElement json) => new()
    {
        Workers = json.GetProperty("workers").GetDouble(),
        ExtrapolationRatio = json.GetProperty("extrapolationRatio").GetDouble(),
        SpeedUp = json.GetProperty("speedup").GetDouble(),
        Band = IsNumber(json, "low")
            ? new ConfidenceInterval(json.GetProperty("low").GetDouble(), json.GetProperty("high").GetDouble(), ExtrapolationBand.Level)
            : null,
        Method = Text(json, "method"),
        Reason = Text(json, "reason"),
    };

    private static bool IsNumber(JsonElement json, string name) => json.GetProperty(name).ValueKind == JsonValueKind.Number;

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
