namespace Pipeline.Profiling;

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
        {
            if (reports.Count > 1)
                page.Heading(report.Name);
            WriteContent(page, report);
        }

        page.End();
    }

    /// <summary>Writes one profile as a section of another page: a <c>section</c> of class <c>profile</c> whose style holds inside it only.</summary>
    /// <param name="writer">Where to write; it is not disposed.</param>
    /// <param name="report">The profile.</param>
    public static void WriteSection(TextWriter writer, ProfileReport report)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(report);
        HtmlPage page = new(writer);
        page.StartSection();
        WriteContent(page, report);
        page.EndSection();
    }

    private static void WriteContent(HtmlPage page, ProfileReport report)
    {
        page.Verdict(report.Verdict);
        page.Lines(ProfileText.Lines(report));
        SpeedUpChart.Write(page, report);
        if (report.Run is { } run)
        {
            UtilizationChart.Write(page, run.Report);
            GanttChart.Write(page, run.Report);
            WaterfallChart.Write(page, report.LostTime);
            WhatIfChart.Write(page, run.WhatIfs);
        }

        if (report.SlowDowns.Count > 0)
            SlowDownTable(page, report.SlowDowns);
        if (report.Comparison is { } comparison)
        {
            page.Section("Compared with an earlier profile");
            foreach (string line in comparison.Lines())
                page.Paragraph(line);
        }

        page.Section("Checks");
        page.Table(["check", "result", "what was seen"], report.Checks.Select(c => new[] { c.Name, c.Passed ? "passed" : "mind", c.Text }));
    }

    private static void SlowDownTable(HtmlPage page, IReadOnlyList<SlowDownResult> results)
    {
        page.Section("Stages made slower on purpose");
        page.Paragraph("Real runs in which each item of one stage took longer. What a stage costs when it is slower is the most that it "
            + "can give when it is faster.");
        page.Table(
            ["stage", "slower by", "run longer by", "95 % interval", "simulated", "a faster one saves at most"],
            results.Select(r => new[]
            {
                r.Stage,
                Percent(r.Share),
                Percent(r.Change),
                double.IsFinite(r.Interval.Low) ? $"{Percent(r.Interval.Low)} to {Percent(r.Interval.High)}" : "unknown after one round",
                Percent(r.SimulatedChange),
                Percent(r.MostSaved),
            }));
    }
}
