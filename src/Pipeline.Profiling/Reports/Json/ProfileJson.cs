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
            return StoredProfileReader.Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"This is no profile of a run ({e.Message}). Give a file that 'pipeline profile PHOTOS --json' or ProfileJson.Write wrote, schema {Schema}, of one profile with a run.", e);
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
        ProfileJsonWriter writer = new(json);
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        if (reports.Count == 1)
        {
            writer.WriteReport(reports[0]);
        }
        else
        {
            json.WriteStartArray("series");
            foreach (ProfileReport report in reports)
            {
                json.WriteStartObject();
                writer.WriteReport(report);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
