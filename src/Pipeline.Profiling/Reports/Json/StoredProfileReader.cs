using System.Text.Json;

namespace Pipeline.Profiling;

/// <summary>Reads the predictions of a profile from its JSON.</summary>
internal static class StoredProfileReader
{
    public static StoredProfile Read(JsonElement root)
    {
        if (root.GetProperty("schema").GetString() != ProfileJson.Schema)
            throw new JsonException($"the schema is '{root.GetProperty("schema").GetString()}'");
        double[] one = [.. root.GetProperty("samples").EnumerateArray().Where(s => s.GetProperty("workers").GetDouble() == 1).Select(s => s.GetProperty("seconds").GetDouble())];
        return new StoredProfile(
            root.GetProperty("name").GetString() ?? "",
            root.GetProperty("items").GetInt64(),
            root.GetProperty("workers").GetInt32(),
            root.GetProperty("elapsedSeconds").GetDouble(),
            one.Length == 0 ? null : Quantile.Median(one),
            [.. root.GetProperty("prediction").EnumerateArray().Where(p => p.GetProperty("speedup").ValueKind == JsonValueKind.Number).Select(Prediction)],
            root.GetProperty("whatIf").EnumerateArray().ToDictionary(w => w.GetProperty("change").GetString()!, w => w.GetProperty("gain").GetDouble(), StringComparer.Ordinal));
    }

    private static ScalingPrediction Prediction(JsonElement json) => new()
    {
        Workers = json.GetProperty("workers").GetDouble(),
        ExtrapolationRatio = json.GetProperty("extrapolationRatio").GetDouble(),
        SpeedUp = json.GetProperty("speedup").GetDouble(),
        Band = json.GetProperty("low").ValueKind == JsonValueKind.Number
            ? new ConfidenceInterval(json.GetProperty("low").GetDouble(), json.GetProperty("high").GetDouble(), ExtrapolationBand.Level)
            : null,
        Method = json.GetProperty("method").GetString() ?? "",
        Reason = json.GetProperty("reason").GetString() ?? "",
    };
}
