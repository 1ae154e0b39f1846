namespace Pipeline.Profiling;

/// <summary>Which worker worked when, with the length of the queue in front of each stage.</summary>
internal static class GanttChart
{
    /// <summary>More slices than this are drawn as one per pixel column; the trace export has all of them.</summary>
    private const int MostSlices = 4000;
    private const double Left = 150;
    private const double Right = 930;
    private const double Row = 16;

    public static void Write(HtmlPage page, RunReport report)
    {
        if (report.Timeline.Count == 0)
            return;
        (string Stage, int Worker)[] tracks = [.. TimelineTrace.Tracks(report)];
        string[] stages = [.. tracks.Select(t => t.Stage).Distinct()];
        double seconds = report.Elapsed.TotalSeconds;
        SvgDrawing drawing = new(960, 40 + (Row * tracks.Length) + (28 * stages.Length));
        double y = 10;
        List<IReadOnlyList<string>> rows = [];
        for (int i = 0; i < stages.Length; i++)
        {
            string stage = stages[i];
            if (i > 0)
                y = QueueLine(drawing, report, stages[i - 1], stage, y, seconds, rows);
            foreach ((_, int worker) in tracks.Where(t => t.Stage == stage))
            {
                drawing.Text(142, y + 12, Invariant($"{stage} {worker + 1}"), "text-anchor=\"end\"");
                Slices(drawing, report, stage, worker, y, seconds, i);
                y += Row;
            }
        }

        foreach (double tick in SpeedUpChart.Ticks(seconds))
            drawing.Text(X(tick, seconds), y + 20, HtmlPage.Number(tick) + " s", "text-anchor=\"middle\" class=\"soft\"");
        page.Figure(
            "Timeline",
            "One line per worker, every second stage in a lighter color; thin lines between stages show how many items wait.",
            $"{tracks.Length} workers over {HtmlPage.Number(seconds)} seconds. "
                + $"{string.Join(" ", rows.Select(r => $"In front of {r[0]} up to {r[2]} items wait."))}",
            drawing,
            ["stage", "mean items waiting", "most items waiting"],
            rows);
    }

    private static double X(double second, double seconds) => Left + (second / seconds * (Right - Left));

    private static void Slices(SvgDrawing drawing, RunReport report, string stage, int worker, double y, double seconds, int index)
    {
        TimelineEntry[] turns = [.. report.Timeline.Where(t => t.Stage == stage && t.Worker == worker).OrderBy(t => t.Start)];
        bool isDense = report.Timeline.Count > MostSlices;
        string style = $"fill=\"var(--busy)\" fill-opacity=\"{(index % 2 == 0 ? "1" : "0.6")}\" stroke=\"var(--paper)\" "
            + $"stroke-width=\"0.5\"";
        double drawnTo = double.NegativeInfinity;
        foreach (TimelineEntry turn in turns)
        {
            double x = X(turn.Start.TotalSeconds, seconds);
            double width = Math.Max(0.6, X(turn.End.TotalSeconds, seconds) - x);
            if (isDense && x + width < drawnTo + 0.6)
                continue;
            drawnTo = x + width;
            drawing.Rectangle(x, y + 1, width, Row - 2, style, isDense ? null : Invariant($"item {turn.SequenceNumber}: "
                + $"{(turn.End - turn.Start).TotalMilliseconds:0.###} ms"));
        }
    }

    private static double QueueLine(
        SvgDrawing drawing, RunReport report, string before, string stage, double y, double seconds, List<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<(double Time, int Length)> steps = QueueSteps.Of(report, before, stage);
        int most = steps.Max(s => s.Length);
        double integral = steps.Zip(steps.Skip(1)).Sum(p => p.First.Length * (p.Second.Time - p.First.Time));
        rows.Add([stage, HtmlPage.Number(integral / seconds), HtmlPage.Number(most)]);
        double bottom = y + 24;
        double scale = 20.0 / Math.Max(1, most);
        int stride = Math.Max(1, steps.Count / 1500);
        (double Time, int Length)[] drawn = [.. steps.Where((_, i) => i % stride == 0)];
        drawing.Path(
            drawn.SelectMany(
                (s, i) => new[] { (X(s.Time, seconds), bottom - (drawn[Math.Max(0, i - 1)].Length * scale)),
                    (X(s.Time, seconds), bottom - (s.Length * scale)) }),
            "fill=\"none\" stroke=\"var(--blocked)\"");
        drawing.Text(142, bottom - 4, Invariant($"waiting (max {most})"), "text-anchor=\"end\" class=\"soft\"");
        return y + 28;
    }
}
