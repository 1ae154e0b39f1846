using System.Globalization;
using System.Net;
using System.Text;

namespace Pipeline.Infra;

/// <summary>Writes the page for a reader who is no engineer: cost, risk and break-even in the first screen, every figure with its source below.</summary>
public static class ValuePage
{
    private const string Style = """
        *{box-sizing:border-box}body{margin:0 auto;max-width:58rem;padding:1rem 1.2rem 2rem;font:17px/1.5 system-ui,"Noto Sans CJK KR","Malgun Gothic",sans-serif;color:#1a1d21;background:#fff}
        h1{font-size:1.5rem;line-height:1.25;margin:.4rem 0 1rem}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}
        .cards{display:grid;grid-template-columns:repeat(3,1fr);gap:.8rem}.card{border:1px solid #cfd6de;border-radius:.6rem;padding:.8rem .9rem;background:#f7f9fb}
        .card h2{margin:0;font-size:.95rem;color:#4b5561;font-weight:600}.card b{display:block;font-size:2rem;line-height:1.2;margin:.15rem 0}.card p{margin:.1rem 0 0;font-size:.92rem}
        table{border-collapse:collapse;width:100%;font-size:.88rem}th,td{text-align:left;vertical-align:top;padding:.3rem .5rem .3rem 0;border-bottom:1px solid #e1e6eb;overflow-wrap:anywhere}
        td.n,th.n{text-align:right;white-space:nowrap}small,.note{color:#4b5561}
        @media(max-width:40rem){body{font-size:16px;padding:.7rem .8rem}h1{font-size:1.2rem;margin:.2rem 0 .6rem}.cards{grid-template-columns:1fr;gap:.5rem}.card{padding:.5rem .7rem}.card b{font-size:1.6rem}}
        @media(prefers-color-scheme:dark){body{background:#0f1318;color:#e8ecf1}.card{background:#161c23;border-color:#303a45}.card h2,small,.note{color:#a3afbb}th,td{border-color:#28313a}}
        """;

    /// <summary>Writes the page.</summary>
    /// <param name="comparison">The two versions.</param>
    /// <param name="language">"en" or "ko".</param>
    /// <returns>The HTML, which needs nothing else.</returns>
    /// <exception cref="ArgumentException">The language is neither.</exception>
    public static string Write(ValueComparison comparison, string language = "en")
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ValueWords words = language switch
        {
            "en" => ValueWords.English,
            "ko" => ValueWords.Korean,
            _ => throw new ArgumentException($"The language '{language}' is not known. Give en or ko.", nameof(language)),
        };
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"{words.Language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{Text(words.Title)}</title><style>{Style}</style></head><body>\n<h1>{Text(words.Title)}</h1>\n<div class=\"cards\">\n");
        Card(html, "cost", words.CostTitle, Dollars(comparison.Difference), Format(words.CostText, Dollars(comparison.First.Total), Dollars(comparison.Second.Total)));
        Card(html, "risk", words.RiskTitle, $"{comparison.FirstAlone} → {comparison.SecondAlone}", Format(words.RiskText, comparison.FirstAlone, comparison.SecondAlone));
        string time = Duration(words, comparison.BreakEvenHours);
        Card(html, "even", words.EvenTitle, time, Format(words.EvenText, time, Dollars(comparison.RevenuePerHour)));
        html.Append("</div>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>{Text(comparison.Difference > 0 ? words.BelowText : words.CheaperText)}</p>\n<h2>{Text(words.GrowthTitle)}</h2>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>{Text(Format(words.GrowthText, Math.Min(2, comparison.SecondServers), comparison.SecondServers, comparison.FirstServers))}</p>\n");
        html.Append(CultureInfo.InvariantCulture, $"<h2>{Text(words.SourcesTitle)}</h2>\n");
        Table(html, words, words.Today, comparison.First);
        Table(html, words, words.New, comparison.Second);
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Text(Format(words.PricesNote, comparison.First.Region))} {Text(words.RevenueNote)} {Text(words.RiskNote)}</p>\n</body></html>\n");
        return html.ToString();
    }

    private static void Card(StringBuilder html, string id, string title, string number, string text) =>
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"card\" id=\"{id}\"><h2>{Text(title)}</h2><b>{Text(number)}</b><p>{Text(text)}</p></div>\n");

    private static void Table(StringBuilder html, ValueWords words, string title, CostReport report)
    {
        html.Append(CultureInfo.InvariantCulture, $"<table><thead><tr><th>{Text(title)}: {Text(words.ForWhat)}</th><th class=\"n\">{Text(words.PerMonth)}</th><th>{Text(words.From)}</th></tr></thead><tbody>\n");
        foreach (IGrouping<(string Name, Price? Price), CostLine> line in report.Lines.GroupBy(line => (words.NameOf(line.Item), line.Price)))
        {
            decimal amount = Math.Round(line.Sum(one => one.Amount), 2, MidpointRounding.AwayFromZero);
            string number = line.Key.Price is null ? words.NoPrice : amount.ToString("$#,##0.00", CultureInfo.InvariantCulture);
            string source = line.Key.Price is { } price ? $"{price.Amount.ToString(CultureInfo.InvariantCulture)}; {price.Date}{(price.IsCertain ? "" : $" ({words.Uncertain})")}; {SourceText(price)}" : "";
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(line.Key.Name)}</td><td class=\"n\">{Text(number)}</td><td><small>{Text(source)}</small></td></tr>\n");
        }

        html.Append(CultureInfo.InvariantCulture, $"<tr><th>{Text(title)}</th><th class=\"n\">{Text(report.Total.ToString("$#,##0.00", CultureInfo.InvariantCulture))}</th><th></th></tr>\n</tbody></table>\n");
    }

    // The names of the provider's files say nothing to this reader.
    private static string SourceText(Price price) => price.Source.Split(" (")[0];

    private static string Duration(ValueWords words, decimal hours) =>
        hours < 2 ? Format(words.Minutes, Math.Ceiling(hours * 60).ToString("0", CultureInfo.InvariantCulture)) : Format(words.Hours, (Math.Ceiling(hours * 10) / 10).ToString("0.#", CultureInfo.InvariantCulture));

    private static string Dollars(decimal amount) => Math.Round(amount, 0, MidpointRounding.AwayFromZero).ToString("$#,##0;-$#,##0", CultureInfo.InvariantCulture);

    private static string Format(string text, params object[] values) => string.Format(CultureInfo.InvariantCulture, text, values);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
