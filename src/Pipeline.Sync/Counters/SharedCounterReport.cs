using System.Globalization;
using System.Text;

namespace Pipeline.Sync;

/// <summary>What a counter file contained when it was read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Id">The identity that it was created with.</param>
/// <param name="Totals">The counters and their totals.</param>
/// <param name="MaxProcesses">How many processes may have it open at once.</param>
/// <param name="Parts">The places that are in use or hold something.</param>
public sealed record SharedCounterReport(
    string Path, Guid Id, IReadOnlyList<SharedCounterTotal> Totals, int MaxProcesses, IReadOnlyList<SharedCounterPart> Parts)
{
    /// <summary>Lists the totals, one per line, and how many processes count.</summary>
    /// <returns>Several lines of text.</returns>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (SharedCounterTotal total in Totals)
        {
            string kind = total.Definition.Kind == CounterKind.Gauge ? " (gauge)" : "";
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{total.Definition.Name}: {total.ApproximateTotal} {total.Definition.Unit}").TrimEnd() + kind);
        }

        text.Append(CultureInfo.InvariantCulture,
            $"{Parts.Count(part => part.IsLive)} processes count now, {Parts.Count} of {MaxProcesses} places used");
        return text.ToString();
    }
}
