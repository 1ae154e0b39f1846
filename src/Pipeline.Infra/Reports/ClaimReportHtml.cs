using System.Globalization;
using System.Net;
using System.Text;

namespace Pipeline.Infra;

/// <summary>Writes a report as a page: the answers first, the grounds below each.</summary>
internal static class ClaimReportHtml
{
    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#1b1f24;background:#fff}
        h1{font-size:1.4rem}details{border:1px solid #d0d7de;border-radius:.4rem;margin:.5rem 0;padding:.5rem .8rem}summary{cursor:pointer}
        .answer{display:inline-block;min-width:6.5rem;font-weight:600}.proved{color:#116329}.refuted,.blocked{color:#a40e26}.open{color:#7d4e00}
        code{overflow-wrap:anywhere;font-size:.9em}li{margin:.15rem 0}.place{color:#57606a;font-size:.85em}
        @media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}details{border-color:#30363d}.proved{color:#56d364}.refuted,.blocked{color:#ff7b72}.open{color:#e3b341}.place{color:#9198a1}}
        """;

    internal static string Write(ClaimReport report)
    {
        int proved = report.Verdicts.Count(v => v.Answer == Answer.Proved);
        StringBuilder html = new();
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Claims about the network</title>");
        html.Append(CultureInfo.InvariantCulture, $"<style>{Style}</style></head><body>\n<h1>{proved} of {report.Verdicts.Count} claims proved</h1>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"place\">{Text(string.Join(", ", report.Files))}</p>\n");
        foreach (Verdict verdict in report.Verdicts)
            Write(html, verdict);
        List(html, "Taken for granted", report.Assumptions);
        List(html, "Also seen", report.Findings.Select(finding => $"{finding.At}: {finding.Message}"));
        html.Append("<p>Proved means: for every packet, by the template and the modeled rules of the network. No packet was sent.</p>\n</body></html>\n");
        return html.ToString();
    }

    private static void Write(StringBuilder html, Verdict verdict)
    {
        string kind = verdict.Answer switch { Answer.Proved => "proved", Answer.Refuted => "refuted", Answer.Blocked => "blocked", _ => "open" };
        string name = verdict.Answer == Answer.CannotTell ? "cannot tell" : kind;
        html.Append(CultureInfo.InvariantCulture, $"<details{(verdict.Answer == Answer.Proved ? "" : " open")}><summary><span class=\"answer {kind}\">{name}</span> {Text(verdict.Claim)}</summary>\n<p>{Text(verdict.Summary)}</p>\n");
        if (verdict.Packet is { } packet)
            html.Append(CultureInfo.InvariantCulture, $"<p>Packet: <code>{Text(packet)}</code></p>\n");
        if (verdict.Steps.Count > 0)
        {
            html.Append("<ol>\n");
            foreach (VerdictStep step in verdict.Steps)
                html.Append(CultureInfo.InvariantCulture, $"<li>{(step.IsReply ? "answer: " : "")}{Text(step.Text)}{(step.Code.Length == 0 ? "" : $" <code>{Text(step.Code)}</code>")} <span class=\"place\">{Text(step.At.ToString())}</span></li>\n");
            html.Append("</ol>\n");
        }

        List(html, "Missing", verdict.Gaps.Select(gap => gap.ToString()));
        List(html, "Note", verdict.Notes);
        html.Append("</details>\n");
    }

    private static void List(StringBuilder html, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        if (all.Length == 0)
            return;
        html.Append(CultureInfo.InvariantCulture, $"<p><strong>{title}</strong></p>\n<ul>\n");
        foreach (string line in all)
            html.Append(CultureInfo.InvariantCulture, $"<li>{Text(line)}</li>\n");
        html.Append("</ul>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
