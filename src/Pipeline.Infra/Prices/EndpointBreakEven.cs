namespace Pipeline.Infra;

/// <summary>From how much traffic on an interface endpoint is cheaper than the same traffic through a NAT gateway that runs anyway.</summary>
public static class EndpointBreakEven
{
    /// <summary>Works the break-even out.</summary>
    /// <param name="prices">The prices.</param>
    /// <param name="zones">In how many zones the endpoint has an interface; 1 or more.</param>
    /// <param name="hours">Hours of a month.</param>
    /// <returns>GB a month; below it the reason for the endpoint is security, not cost. Null when the endpoint never pays for itself.</returns>
    /// <exception cref="TemplateException">A price is missing.</exception>
    public static decimal? GigabytesPerMonth(PriceList prices, int zones, decimal hours = 730m)
    {
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentOutOfRangeException.ThrowIfLessThan(zones, 1);
        decimal saved = Amount(prices, "nat-gb") - Amount(prices, "endpoint-gb");
        return saved <= 0 ? null : Amount(prices, "endpoint-hour") * zones * hours / saved;
    }

    private static decimal Amount(PriceList prices, string item) =>
        prices.Find(item)?.Amount ?? throw new TemplateException(new Location("prices", 1), $"the prices of {prices.Region} have no '{item}'. Add it.");
}
