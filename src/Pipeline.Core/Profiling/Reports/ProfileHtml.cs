using Pipeline.Core.Profiling.Internal.Html;

namespace Pipeline.Core.Profiling;

/// <summary>Writes profiles as one HTML file that needs nothing else: inline style and SVG, no script.</summary>
/// <remarks>Every chart has a text alternative and the table of its numbers behind it.</remarks>
public static class ProfileHtml
{
    /// <summary>Writes the document.</summary>
    /// <param name="writer">Where to write; it is not disposed.</param>
    /// <param name="reports">The profiles, at least one.</param>
    public static void Write(TextWriter writer, IReadOnlyList<ProfileReport> reports)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(reports);
        ArgumentOutOfRangeException.ThrowIfZero(reports.Count, nameof(reports));
        HtmlPage page = new(writer);
        page.Start(reports.Count == 1 ? $"Profile of {reports[0].Name}" : $"Profiles of {reports.Count} series");
        foreach (ProfileReport report in reports)
            WriteReport(page, report);
        page.End();
    }

    private static void WriteReport(HtmlPage page, ProfileReport report)
    {
        page.Heading(report.Name);
        page.Verdict(report.Verdict);
        using StringWriter text = new();
        ProfileText.Write(text, report);
        page.Preformatted(text.ToString());
        SpeedUpChart.Write(page, report);
        if (report.Run is { } run)
        {
            UtilizationChart.Write(page, run.Report);
            GanttChart.Write(page, run.Report);
            WaterfallChart.Write(page, report.LostTime);
            WhatIfChart.Write(page, run.WhatIfs);
        }

        page.Section("Checks");
        page.Table(["check", "result", "what was seen"], report.Checks.Select(c => new[] { c.Name, c.Passed ? "passed" : "mind", c.Text }));
    }
}
