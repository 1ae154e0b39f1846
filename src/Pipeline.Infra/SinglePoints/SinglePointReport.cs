using System.Globalization;
using System.Text;

namespace Pipeline.Infra;

/// <summary>The parts of the user's path, which of them stand alone, and what else makes a loss worse.</summary>
public sealed class SinglePointReport
{
    /// <summary>Gets the templates that were read.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Gets all parts in the order of a request.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>Gets what makes a loss worse or hides it.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Gets the parts whose loss, one at a time, breaks the path.</summary>
    public IReadOnlyList<Component> Alone => [.. Components.Where(component => component.Alone is not null)];

    /// <summary>Writes the report as text.</summary>
    /// <returns>The text, lines ended by "\n".</returns>
    public string ToText()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{string.Join(", ", Files)}: {Components.Count} parts, {Alone.Count} stand alone\n");
        foreach (Component component in Components)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(component.Alone is null ? "  doubled" : "  ALONE  ")}  {component.Name} [{component.Kind}]: {component.Role} ({component.At})\n");
            text.Append(CultureInfo.InvariantCulture, $"           {component.Alone ?? component.Redundancy}\n");
            if (component.Alone is null)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"           users see: {component.UsersSee}; back: {component.ComesBack}\n");
            if (component.Breaks.Count > 0)
                text.Append(CultureInfo.InvariantCulture, $"           stops with it: {string.Join(", ", component.Breaks)}\n");
            if (component.LostWithZone)
                text.Append("           lost with its zone\n");
        }

        foreach (Finding finding in Findings)
            text.Append(CultureInfo.InvariantCulture, $"  {finding.At}: {finding.Code}: {finding.Message}\n");
        return text.ToString();
    }

    /// <summary>Writes two versions side by side, one line per kind of part.</summary>
    /// <param name="other">The second version.</param>
    /// <returns>The text, lines ended by "\n".</returns>
    public string CompareWith(SinglePointReport other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return SinglePointTable.Write(this, other);
    }
}
