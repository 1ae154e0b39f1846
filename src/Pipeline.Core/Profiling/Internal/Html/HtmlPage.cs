using System.Globalization;
using System.Net;

namespace Pipeline.Core.Profiling.Internal.Html;

/// <summary>The parts of the report's page.</summary>
internal sealed class HtmlPage(TextWriter writer)
{
    private const string Style = """
        :root{--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;--fill:#f6f8fa;--busy:#1f6fb2;--starved:#c9d1d9;--blocked:#d1622b;--ordering:#7b52ab;--library:#4f5b66;--good:#1a7f37;--bad:#b3261e;--band:#1f6fb233}
        @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b1;--paper:#0d1117;--line:#30363d;--fill:#161b22;--busy:#58a6ff;--starved:#484f58;--blocked:#f0883e;--ordering:#bc8cff;--library:#8b949e;--good:#3fb950;--bad:#ff7b72;--band:#58a6ff33}}
        *{box-sizing:border-box}body{margin:0 auto;max-width:66rem;padding:1.5rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        h1{font-size:1.6rem;margin:0 0 .5rem}h2{font-size:1.35rem;margin:2rem 0 .5rem;border-top:1px solid var(--line);padding-top:1rem}h3{font-size:1.05rem;margin:1.75rem 0 .25rem}
        p.verdict{font-size:1.1rem;border-left:4px solid var(--busy);padding:.5rem 1rem;background:var(--fill);margin:.5rem 0 1rem}p.soft{color:var(--soft);margin:.25rem 0}
        pre{background:var(--fill);border:1px solid var(--line);border-radius:6px;padding:1rem;white-space:pre-wrap;font-size:.85rem}
        figure{margin:.5rem 0 0}svg{display:block;width:100%;height:auto;font:12px system-ui,sans-serif}svg text{fill:var(--ink)}svg .soft{fill:var(--soft)}
        .axis{stroke:var(--line)}.grid{stroke:var(--line);stroke-dasharray:2 4}details{margin:.25rem 0 1rem}summary{cursor:pointer;color:var(--soft)}
        table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
        """;

    private int _figures;

    public void Start(string title)
    {
        writer.Write("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        writer.Write($"<title>{Text(title)}</title>\n<style>{Style}</style></head><body>\n<h1>{Text(title)}</h1>\n");
    }

    public void End() => writer.Write("</body></html>\n");

    public void Heading(string name) => writer.Write($"<h2>{Text(name)}</h2>\n");

    public void Verdict(string sentence) => writer.Write($"<p class=\"verdict\">{Text(sentence)}</p>\n");

    public void Preformatted(string text) => writer.Write($"<pre>{Text(text)}</pre>\n");

    public void Paragraph(string text) => writer.Write($"<p class=\"soft\">{Text(text)}</p>\n");

    public void Section(string name) => writer.Write($"<h3>{Text(name)}</h3>\n");

    /// <summary>Writes a chart with its text alternative and the table behind it.</summary>
    public void Figure(string title, string explanation, string alternative, SvgDrawing drawing, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"f{++_figures}");
        Section(title);
        writer.Write($"<p class=\"soft\">{Text(explanation)}</p>\n<figure>");
        writer.Write(drawing.ToSvg(id, title, alternative));
        writer.Write("</figure>\n<details><summary>Numbers of this chart</summary>");
        Table(columns, rows);
        writer.Write("</details>\n");
    }

    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        writer.Write("<table><thead><tr>");
        foreach (string column in columns)
            writer.Write($"<th scope=\"col\">{Text(column)}</th>");
        writer.Write("</tr></thead><tbody>\n");
        foreach (IReadOnlyList<string> row in rows)
        {
            writer.Write("<tr>");
            foreach (string cell in row)
                writer.Write($"<td>{Text(cell)}</td>");
            writer.Write("</tr>\n");
        }

        writer.Write("</tbody></table>\n");
    }

    public static string Number(double value, string format = "0.###") =>
        double.IsInfinity(value) ? "no limit seen" : value.ToString(format, CultureInfo.InvariantCulture);

    internal static string Text(string text) => WebUtility.HtmlEncode(text);
}
