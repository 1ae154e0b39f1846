using System.Globalization;
using System.Net;

namespace Pipeline.Profiling;

/// <summary>The parts of the report's page.</summary>
internal sealed class HtmlPage(TextWriter writer)
{
    private const string Light =
        "--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;--fill:#f6f8fa;--busy:#1f6fb2;--starved:#c9d1d9;"
        + "--blocked:#d1622b;--ordering:#7b52ab;--library:#4f5b66;--good:#1a7f37;--bad:#b3261e;--band:#1f6fb233";
    private const string Dark =
        "--ink:#e6edf3;--soft:#9da7b1;--paper:#0d1117;--line:#30363d;--fill:#161b22;--busy:#58a6ff;--starved:#484f58;"
        + "--blocked:#f0883e;--ordering:#bc8cff;--library:#8b949e;--good:#3fb950;--bad:#ff7b72;--band:#58a6ff33";

    /// <summary>The rules of a whole page.</summary>
    private const string PageRules = """
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:66rem;padding:1.5rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        h1{font-size:1.6rem;margin:0 0 .5rem}h2{font-size:1.35rem;margin:2rem 0 .5rem;border-top:1px solid var(--line);padding-top:1rem}
        """;

    /// <summary>The rules of what both a page and a section of another page have; § stands for what they are limited to.</summary>
    private const string Rules = """
        §h3{font-size:1.05rem;margin:1.75rem 0 .25rem}
        §p.verdict{font-size:1.1rem;border-left:4px solid var(--busy);padding:.5rem 1rem;background:var(--fill);margin:.5rem 0 1rem}
        §p.soft{color:var(--soft);margin:.25rem 0}
        §.lines{background:var(--fill);border:1px solid var(--line);border-radius:6px;padding:.75rem 1rem;white-space:pre-wrap;
        overflow-wrap:anywhere;font:.85rem/1.45 ui-monospace,monospace}
        §.lines p{margin:.3rem 0;padding-left:1.2rem;text-indent:-1.2rem}
        §figure{margin:.5rem 0 0;overflow-x:auto;background:none;border-radius:0}
        §svg{display:block;width:100%;min-width:44rem;height:auto;font:13px system-ui,sans-serif}§svg text{fill:var(--ink)}
        §svg .soft{fill:var(--soft)}§svg .onfill{fill:var(--paper)}
        §.axis{stroke:var(--line)}§.grid{stroke:var(--line);stroke-dasharray:2 4}§details{margin:.25rem 0 1rem}§.wide{overflow-x:auto}
        §summary{cursor:pointer;color:var(--soft)}
        §table{border-collapse:collapse;width:100%;font-size:.9rem}
        §th,§td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}§th.n{text-align:right}
        §td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        """;

    private int _figures;

    public void Start(string title)
    {
        writer.Write("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
            + "content=\"width=device-width, initial-scale=1\">\n");
        writer.Write(
            $"<title>{Text(title)}</title>\n<style>{Style(":root", "")}{PageRules}</style></head><body>\n<h1>{Text(title)}</h1>\n");
    }

    /// <summary>Starts a section inside another page: its style rules hold inside it only.</summary>
    public void StartSection() => writer.Write($"<section class=\"profile\"><style>{Style(".profile", ".profile ")}</style>\n");

    public void EndSection() => writer.Write("</section>\n");

    public void End() => writer.Write("</body></html>\n");

    public void Heading(string name) => writer.Write($"<h2>{Text(name)}</h2>\n");

    public void Verdict(string sentence) => writer.Write($"<p class=\"verdict\">{Text(sentence)}</p>\n");

    /// <summary>Writes the lines of the text report, each a paragraph of its own.</summary>
    public void Lines(IEnumerable<string> lines) =>
        writer.Write($"<div class=\"lines\">{string.Concat(lines.Select(line => $"<p>{Text(line)}</p>\n"))}</div>\n");

    public void Paragraph(string text) => writer.Write($"<p class=\"soft\">{Text(text)}</p>\n");

    public void Section(string name) => writer.Write($"<h3>{Text(name)}</h3>\n");

    /// <summary>Writes a chart with its text alternative and the table behind it.</summary>
    public void Figure(
        string title,
        string explanation,
        string alternative,
        SvgDrawing drawing,
        IReadOnlyList<string> columns,
        IEnumerable<IReadOnlyList<string>> rows)
    {
        string id = Invariant($"f{++_figures}");
        Section(title);
        writer.Write($"<p class=\"soft\">{Text(explanation)}</p>\n<figure>");
        writer.Write(drawing.ToSvg(id, title, alternative));
        writer.Write("</figure>\n<details><summary>Numbers of this chart</summary>");
        Table(columns, rows);
        writer.Write("</details>\n");
    }

    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] all = [.. rows];
        string[] classes =
            [.. columns.Select((_, i) => all.Length > 0 && all.All(row => row[i].Length == 0 || IsNumber(row[i])) ? " class=\"n\"" : "")];
        writer.Write("<div class=\"wide\"><table><thead><tr>");
        for (int i = 0; i < columns.Count; i++)
            writer.Write($"<th scope=\"col\"{classes[i]}>{Text(columns[i])}</th>");
        writer.Write("</tr></thead><tbody>\n");
        foreach (IReadOnlyList<string> row in all)
        {
            writer.Write("<tr>");
            for (int i = 0; i < row.Count; i++)
                writer.Write($"<td{classes[i]}>{Text(row[i])}</td>");
            writer.Write("</tr>\n");
        }

        writer.Write("</tbody></table></div>\n");
    }

    public static string Number(double value, string format = "0.###") =>
        double.IsInfinity(value) ? "no limit seen" : value.ToString(format, CultureInfo.InvariantCulture);

    private static bool IsNumber(string cell) => cell.Length is > 0 and < 24 && (char.IsAsciiDigit(cell[0]) || cell[0] is '+' or '-')
        && char.IsAsciiDigit(cell[^1] == '%' ? '0' : cell[^1]);

    private static string Style(string root, string limit) =>
        $"{root}{{{Light}}}@media (prefers-color-scheme:dark){{{root}{{{Dark}}}}}{Rules.Replace("§", limit, StringComparison.Ordinal)}";

    public static string Text(string text) => WebUtility.HtmlEncode(text);
}
