using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pipeline.Infra;

/// <summary>What changing every rule once does to the claims.</summary>
public sealed class MutationReport
{
    /// <summary>Gets one outcome per change.</summary>
    public required IReadOnlyList<MutationOutcome> Outcomes { get; init; }

    /// <summary>Gets the claims that no change breaks: they say nothing about this template.</summary>
    public required IReadOnlyList<string> Vacuous { get; init; }

    internal void Write(StringBuilder text)
    {
        text.Append("Every rule changed once:\n");
        foreach (IGrouping<string, MutationOutcome> kind in Outcomes.GroupBy(outcome => outcome.Kind))
            text.Append(CultureInfo.InvariantCulture, $"  {kind.Key,-8} {kind.Count(),4} changes, {kind.Count(o => o.Broken.Count > 0),4} break a claim\n");
        foreach (MutationOutcome outcome in Outcomes.Where(outcome => outcome.Broken.Count > 0))
            text.Append(CultureInfo.InvariantCulture, $"  {outcome.At}: {outcome.Subject} ({outcome.Kind}) breaks {string.Join("; ", outcome.Broken)}\n");
        foreach (string claim in Vacuous)
            text.Append(CultureInfo.InvariantCulture, $"  no change breaks: {claim}\n");
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("mutations");
        json.WriteNumber("count", Outcomes.Count);
        json.WriteStartArray("outcomes");
        foreach (MutationOutcome outcome in Outcomes)
        {
            json.WriteStartObject();
            json.WriteString("kind", outcome.Kind);
            json.WriteString("subject", outcome.Subject);
            json.WriteString("file", outcome.At.File);
            json.WriteNumber("line", outcome.At.Line);
            ClaimReportJson.WriteStrings(json, "broken", outcome.Broken);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        ClaimReportJson.WriteStrings(json, "vacuous", Vacuous);
        json.WriteEndObject();
    }
}
