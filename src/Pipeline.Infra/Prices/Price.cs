namespace Pipeline.Infra;

/// <summary>One price with where it comes from.</summary>
/// <param name="Item">The name by which it is looked up, for example nat-hour or server:t3.medium.</param>
/// <param name="Amount">US dollars per unit.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Date">The day on which the source was read, as year-month-day.</param>
/// <param name="Source">The source.</param>
/// <param name="IsCertain">Whether the source states it; otherwise it was derived or remembered.</param>
public sealed record Price(string Item, decimal Amount, string Unit, string Date, string Source, bool IsCertain);
