namespace Pipeline.Profiling;

/// <summary>The worker time that more workers cost: parts that add up to <c>N T(N) - T(1)</c>.</summary>
internal static class WaterfallChart
{
    // Room for the longest name of a part: 43 characters of 13 pixels' height.
    private const int LabelEnd = 312;

    public static void Write(HtmlPage page, IReadOnlyList<LostTime> lost)
    {
        if (lost.Count == 0)
            return;
        double total = lost.Sum(l => l.Seconds);
        double low = Math.Min(0, Running(lost).Min());
        double high = Math.Max(Running(lost).Max(), Math.Max(total, 1e-9));
        SvgDrawing drawing = new(960, 40 + (30 * (lost.Count + 1)));
        double at = 0;
        for (int i = 0; i < lost.Count; i++)
        {
            Bar(lost[i].Name, at, at + lost[i].Seconds, 10 + (30 * i), lost[i].Seconds < 0 ? "fill=\"var(--good)\""
                : "fill=\"var(--blocked)\"");
            at += lost[i].Seconds;
        }

        Bar("all lost worker time", 0, total, 10 + (30 * lost.Count), "fill=\"var(--library)\"");
        page.Figure(
            "Lost worker time",
            "What the run with the most workers used beyond the run with one worker: workers times its time, less the time at one worker.",
            string.Join(" ", lost.Select(l => $"{l.Name}: {HtmlPage.Number(l.Seconds)} worker seconds.")),
            drawing,
            ["part", "worker seconds"],
            [.. lost.Select(l => (IReadOnlyList<string>)[l.Name, HtmlPage.Number(l.Seconds)]), ["sum", HtmlPage.Number(total)]]);

        void Bar(string name, double from, double to, double y, string fill)
        {
            drawing.Text(LabelEnd, y + 15, name, "text-anchor=\"end\"");
            drawing.Rectangle(X(Math.Min(from, to)), y, Math.Max(1, X(Math.Max(from, to)) - X(Math.Min(from, to))), 22, fill);
            drawing.Text(X(Math.Max(from, to)) + 6, y + 15, HtmlPage.Number(to - from, "0.##") + " s", "class=\"soft\"");
        }

        double X(double seconds) => LabelEnd + 8 + ((seconds - low) / (high - low) * (860 - LabelEnd));
    }

    private static IEnumerable<double> Running(IReadOnlyList<LostTime> lost)
    {
        double at = 0;
        foreach (LostTime one in lost)
            yield return at += one.Seconds;
    }
}
