namespace Pipeline.Profiling;

/// <summary>Where the workers' time went, stage by stage, as stacked bars.</summary>
internal static class UtilizationChart
{
    private static readonly (string Name, string Fill, Func<StageReport, TimeSpan> Time)[] s_parts =
    [
        ("busy", "fill=\"var(--busy)\"", s => s.Busy),
        ("no item", "fill=\"url(#ustarved)\"", s => s.Starved),
        ("blocked", "fill=\"url(#ublocked)\"", s => s.Blocked),
        ("ordering", "fill=\"url(#uordering)\"", s => s.Ordering),
        ("library", "fill=\"url(#ulibrary)\"", s => s.Framework),
    ];

    public static void Write(HtmlPage page, RunReport report)
    {
        StageReport[] stages = [.. RunModel.Parts(report)];
        SvgDrawing drawing = new(960, 50 + (34 * stages.Length));
        drawing.Patterns("u");
        double x = 150;
        foreach ((string name, string fill, _) in s_parts)
        {
            drawing.Rectangle(x, 8, 16, 12, fill);
            drawing.Text(x + 22, 18, name);
            x += 50 + (8 * name.Length);
        }

        for (int i = 0; i < stages.Length; i++)
            Bar(drawing, stages[i], 36 + (34 * i));
        page.Figure(
            "Where the workers' time went",
            "Each bar is all the time of a stage's workers. Blocked: an item waits, but there is no room downstream, no memory budget "
                + "or no free worker of the run.",
            string.Join(" ", stages.Select(s => $"{s.Name}: {string.Join(", ", s_parts.Select(p => $"{p.Name} {Share(s, p.Time)}"))}.")),
            drawing,
            ["stage", "workers", "items", .. s_parts.Select(p => p.Name), "ms per item"],
            stages.Select(Row));
    }

    private static IReadOnlyList<string> Row(StageReport stage) =>
    [
        stage.Name,
        HtmlPage.Number(stage.Workers),
        HtmlPage.Number(stage.Items),
        .. s_parts.Select(p => Share(stage, p.Time)),
        HtmlPage.Number(stage.Items == 0 ? 0 : stage.Busy.TotalMilliseconds / stage.Items),
    ];

    private static void Bar(SvgDrawing drawing, StageReport stage, double y)
    {
        drawing.Text(142, y + 17, Invariant($"{stage.Name} ({stage.Workers})"), "text-anchor=\"end\"");
        double x = 150;
        foreach ((string name, string fill, Func<StageReport, TimeSpan> time) in s_parts)
        {
            double width = 780 * Fraction(stage, time);
            drawing.Rectangle(x, y, width, 24, fill, $"{stage.Name}: {name} {Share(stage, time)}");
            if (width > 46)
            {
                string ink = name == "busy" ? "var(--paper)" : "var(--ink)";
                string halo = name is "busy" or "no item" ? "" : "stroke:var(--paper);stroke-width:4px;";
                drawing.Text(
                    x + (width / 2), y + 16, Share(stage, time), $"text-anchor=\"middle\" style=\"fill:{ink};paint-order:stroke;{halo}\"");
            }

            x += width;
        }
    }

    private static double Fraction(StageReport stage, Func<StageReport, TimeSpan> time)
    {
        double all = s_parts.Sum(p => p.Time(stage).TotalSeconds);
        return all <= 0 ? 0 : time(stage).TotalSeconds / all;
    }

    private static string Share(StageReport stage, Func<StageReport, TimeSpan> time) => Percent(Fraction(stage, time));
}
