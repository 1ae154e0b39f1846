using System.Globalization;
using System.Text;

namespace Pipeline.Infra;

/// <summary>A month's cost of one deployment.</summary>
public sealed class CostReport
{
    /// <summary>Gets the templates.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Gets the region of the prices.</summary>
    public required string Region { get; init; }

    /// <summary>Gets the lines.</summary>
    public required IReadOnlyList<CostLine> Lines { get; init; }

    /// <summary>Gets what was taken for granted.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Gets the sum in US dollars, rounded to the cent.</summary>
    public decimal Total => Math.Round(Lines.Sum(line => line.Amount), 2, MidpointRounding.AwayFromZero);

    /// <summary>Gets the lines that have no price, so that the total is too low.</summary>
    public IReadOnlyList<CostLine> Unpriced => [.. Lines.Where(line => line.Price is null)];

    /// <summary>Gets the amount of all lines of one item in US dollars, rounded to the cent.</summary>
    /// <param name="item">The name of the price.</param>
    /// <returns>The amount.</returns>
    public decimal Of(string item) => Math.Round(Lines.Where(line => line.Item == item).Sum(line => line.Amount), 2, MidpointRounding.AwayFromZero);

    /// <summary>Writes the report as text.</summary>
    /// <returns>The text, lines ended by "\n".</returns>
    public string ToText()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{string.Join(", ", Files)} in {Region}, US dollars a month\n");
        foreach (CostLine line in Lines)
        {
            string amount = line.Price is null ? "no price" : line.Amount.ToString("N2", CultureInfo.InvariantCulture);
            string price = line.Price is { } known ? $"{line.Quantity:0.##} x {known.Amount.ToString(CultureInfo.InvariantCulture)} per {known.Unit}; {known.Date}{(known.IsCertain ? "" : ", UNCERTAIN")}: {known.Source}" : $"{line.Quantity:0.##}; add '{line.Item}' to a file for --prices";
            text.Append(CultureInfo.InvariantCulture, $"  {amount,12}  {line.Subject} ({line.At}): {price}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"  {Total.ToString("N2", CultureInfo.InvariantCulture),12}  together{(Unpriced.Count > 0 ? $", without {Unpriced.Count} lines that have no price" : "")}\n");
        foreach (string note in Notes)
            text.Append(CultureInfo.InvariantCulture, $"  note: {note}\n");
        return text.ToString();
    }
}
