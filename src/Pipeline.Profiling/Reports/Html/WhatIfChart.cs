namespace Pipeline.Profiling;

/// <summary>What changes would give, the largest first.</summary>
internal static class WhatIfChart
{
    private const int MostBars = 16;

    public static void Write(HtmlPage page, IReadOnlyList<WhatIfResult> whatIfs)
    {
        if (whatIfs.Count == 0)
            return;
        WhatIfResult[] shown = [.. whatIfs.Take(MostBars)];
        double most = Math.Max(0.01, shown.Max(w => w.Gain));
        SvgDrawing drawing = new(960, 20 + (28 * shown.Length));
        for (int i = 0; i < shown.Length; i++)
        {
            double y = 8 + (28 * i);
            double width = Math.Max(1, Math.Max(0, shown[i].Gain) / most * 420);
            drawing.Text(262, y + 15, shown[i].Change.Text, "text-anchor=\"end\"");
            drawing.Rectangle(270, y, width, 20, "fill=\"var(--busy)\"");
            drawing.Text(278 + width, y + 15, $"{Gain(shown[i])}, then {string.Join(" and ", shown[i].NextBottleneck)}", "class=\"soft\"");
        }

        page.Figure(
            "What a change would give",
            "Simulated throughput with one change made, and what limits the pipeline after it. 'Costs nothing' is the most that any "
                + "work on a stage can give; batches divide the library's own time per item.",
            string.Join(" ", shown.Select(w => $"{w.Change.Text}: {Gain(w)}, then {string.Join(" and ", w.NextBottleneck)}.")),
            drawing,
            ["change", "gain", "seconds before", "seconds after", "next bottleneck"],
            whatIfs.Select(w => (IReadOnlyList<string>)
            [
                w.Change.Text, Gain(w), HtmlPage.Number(w.BaselineSeconds), HtmlPage.Number(w.Seconds),
                string.Join(" and ", w.NextBottleneck),
            ]));
    }

    private static string Gain(WhatIfResult result) => SignedPercent(result.Gain);
}
