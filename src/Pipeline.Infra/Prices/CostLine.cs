namespace Pipeline.Infra;

/// <summary>One line of a month's cost.</summary>
/// <param name="Item">The name of the price.</param>
/// <param name="Subject">What is paid for.</param>
/// <param name="Quantity">How many units.</param>
/// <param name="Price">The price; null when none is known, which makes the total incomplete.</param>
/// <param name="At">The place in the template, or in the usage file.</param>
public sealed record CostLine(string Item, string Subject, decimal Quantity, Price? Price, Location At)
{
    /// <summary>Gets the amount in US dollars, not rounded; 0 when no price is known.</summary>
    public decimal Amount => Price is null ? 0m : Quantity * Price.Amount;
}
