namespace Pipeline.Profiling;

/// <summary>Speed-up against workers: points, fit, simulation, both limits, band and core count.</summary>
internal static class SpeedUpChart
{
    private const double Left = 50;
    private const double Right = 880;
    private const double Top = 30;
    private const double Bottom = 350;

    public static void Write(HtmlPage page, ProfileReport report)
    {
        (double Workers, double SpeedUp)[] points = Measured(report);
        double measuredMost = report.Curve?.Series.MaxWorkers ?? 1;
        double most = Most([measuredMost, 4, .. report.Predictions.Select(p => p.Workers)]);
        most = Math.Min(most, Math.Max(8, 8 * (report.Curve?.Series.MaxWorkers ?? most)));
        if (points.Length == 0 && report.Simulation.Count == 0)
            return;
        SimulatedPoint[] simulated = [.. report.Simulation.Where(s => s.Workers <= most)];
        IEnumerable<double> bands = report.Predictions.Select(p => p.Band?.High ?? 1);
        double highest = 1.08 * Most([2, .. points.Select(p => p.SpeedUp), .. simulated.Select(s => s.SpeedUp), .. bands]);
        highest = Math.Min(highest, most * 1.1);
        SvgDrawing drawing = new(960, 400);
        Axes(drawing, most, highest);
        drawing.Path([(X(0), Y(0)), (X(Math.Min(most, highest)), Y(Math.Min(most, highest)))], "fill=\"none\" stroke=\"var(--soft)\" "
            + "stroke-dasharray=\"1 4\"");
        Band(drawing, report);
        Curve(drawing, report, most);
        drawing.Path(simulated.Select(s => (X(s.Workers), Y(s.SpeedUp))), "fill=\"none\" stroke=\"var(--blocked)\" stroke-width=\"2\"");
        Limit(drawing, report.Run?.Limits.NoOverlap ?? report.Curve?.Amdahl?.Limit, "limit without overlap");
        Limit(drawing, report.Run?.Limits.Pipeline, "limit as a pipeline");
        if (report.Context is { } context && context.Processors <= most)
        {
            drawing.Line(X(context.Processors), Top, X(context.Processors), Bottom, "stroke=\"var(--soft)\"");
            drawing.Text(X(context.Processors) + 4, Bottom - 6, $"{context.Processors} processors", "class=\"soft\"");
        }

        foreach ((double workers, double speedUp) in points.Where(p => p.Workers <= most))
            drawing.Circle(X(workers), Y(speedUp), 4, "fill=\"var(--ink)\"", Invariant($"{workers:0.##} workers: {speedUp:0.##}x"));
        foreach (ScalingPrediction prediction in report.Predictions.Where(p => p.Workers <= most && p.SpeedUp is not null))
            drawing.Circle(X(prediction.Workers), Y(prediction.SpeedUp!.Value), 5, "fill=\"var(--paper)\" stroke=\"var(--busy)\" "
                + "stroke-width=\"2\"");
        Legend(drawing, report, points.Length > 0);
        page.Figure(
            "Speed-up by workers",
            "How many times faster than with one worker. Points are measured, circles predicted with their 90 % band; dotted is one "
                + "for one.",
            Alternative(report, points),
            drawing,
            ["workers", "measured", "simulated", "predicted", "low", "high"],
            Rows(report, points));

        double X(double workers) => Left + (workers / most * (Right - Left));
        double Y(double speedUp) => Bottom - (Math.Min(speedUp, highest) / highest * (Bottom - Top));

        void Limit(SvgDrawing svg, double? limit, string name)
        {
            if (limit is not { } value || !(value <= highest))
                return;
            svg.Line(Left, Y(value), Right, Y(value), "stroke=\"var(--bad)\" stroke-dasharray=\"8 4\"");
            svg.Text(Left + 6, Y(value) - 4, Invariant($"{name}: {value:0.#}x"), "class=\"soft\"");
        }

        void Band(SvgDrawing svg, ProfileReport r)
        {
            ScalingPrediction[] banded = [.. r.Predictions.Where(p => p.Band is not null && p.Workers <= most).OrderBy(p => p.Workers)];
            foreach (ScalingPrediction p in banded)
                svg.Line(X(p.Workers), Y(p.Band!.Value.Low), X(p.Workers), Y(p.Band.Value.High), "stroke=\"var(--band)\" "
                    + "stroke-width=\"12\"");
        }

        void Curve(SvgDrawing svg, ProfileReport r, double upTo)
        {
            if (r.Curve is not { Amdahl: { } fit, BaselineSeconds: { } baseline } curve)
                return;
            bool isUsl = curve.Model == "usl";
            IEnumerable<(double, double)> line = Enumerable.Range(0, 101).Select(i => Math.Max(0.5, upTo * i / 100.0))
                .Select(n => (X(n), Y(isUsl ? baseline * curve.Usl!.ThroughputAt(n) : baseline / fit.SecondsAt(n))));
            svg.Path(line, "fill=\"none\" stroke=\"var(--busy)\" stroke-width=\"2\" stroke-dasharray=\"6 3\"");
        }

        void Axes(SvgDrawing svg, double right, double top)
        {
            foreach (double tick in Ticks(top))
            {
                svg.Line(Left, Y(tick), Right, Y(tick), "class=\"grid\"");
                svg.Text(Left - 6, Y(tick) + 4, HtmlPage.Number(tick) + "x", "text-anchor=\"end\" class=\"soft\"");
            }

            foreach (double tick in Ticks(right))
                svg.Text(X(tick), Bottom + 18, HtmlPage.Number(tick), "text-anchor=\"middle\" class=\"soft\"");
            svg.Line(Left, Bottom, Right, Bottom, "class=\"axis\"");
            svg.Line(Left, Top, Left, Bottom, "class=\"axis\"");
            svg.Text((Left + Right) / 2, Bottom + 36, "workers", "text-anchor=\"middle\"");
        }
    }

    private static double Most(double[] values) => values.Max();

    public static IEnumerable<double> Ticks(double most)
    {
        double step = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(most, 1e-9) / 4)));
        step *= most / step > 20 ? 5 : most / step > 8 ? 2 : 1;
        for (double tick = 0; tick <= most * 1.0001; tick += step)
            yield return tick;
    }

    private static (double Workers, double SpeedUp)[] Measured(ProfileReport report) =>
        report.Curve is not { } curve ? []
        : [.. SeriesPoint.Of(curve.Series.Samples).Select(
            p => (p.Workers, (curve.BaselineSeconds ?? SeriesPoint.Of(curve.Series.Samples)[0].Seconds) / p.Seconds))];

    private static void Legend(SvgDrawing drawing, ProfileReport report, bool isMeasured)
    {
        double x = Left;
        if (isMeasured)
            Entry("measured", "fill=\"var(--ink)\"");
        if (report.Curve?.Amdahl is not null)
            Entry($"fit ({report.Curve.Model})", "fill=\"var(--busy)\"");
        if (report.Simulation.Count > 0)
            Entry("simulated", "fill=\"var(--blocked)\"");

        void Entry(string name, string style)
        {
            drawing.Rectangle(x, 8, 14, 8, style);
            drawing.Text(x + 20, 17, name);
            x += 40 + (8 * name.Length);
        }
    }

    private static string Alternative(ProfileReport report, (double Workers, double SpeedUp)[] points)
    {
        string measured = points.Length == 0 ? "No sweep was measured." : Invariant($"Measured speed-ups from {points[0].SpeedUp:0.##}x "
            + $"at {points[0].Workers:0.##} to {points[^1].SpeedUp:0.##}x at {points[^1].Workers:0.##} workers.");
        IEnumerable<string> predicted = report.Predictions
            .Select(p => p.SpeedUp is { } s ? Invariant($"Predicted {s:0.##}x at {p.Workers:0.##} workers.") : p.Reason);
        return $"{measured} {string.Join(" ", predicted)}";
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(ProfileReport report, (double Workers, double SpeedUp)[] points) =>
        points.Select(p => p.Workers).Concat(report.Simulation.Select(s => (double)s.Workers)).Concat(
            report.Predictions.Select(p => p.Workers)).Distinct().Order().Select(n =>
        {
            ScalingPrediction? prediction = report.Predictions.FirstOrDefault(p => p.Workers == n);
            return (IReadOnlyList<string>)
            [
                HtmlPage.Number(n),
                string.Join(", ", points.Where(p => p.Workers == n).Select(p => HtmlPage.Number(p.SpeedUp))),
                string.Join(", ", report.Simulation.Where(s => s.Workers == n).Select(s => HtmlPage.Number(s.SpeedUp))),
                prediction is null ? "" : prediction.SpeedUp is { } s ? HtmlPage.Number(s) : "refused",
                prediction?.Band is { } low ? HtmlPage.Number(low.Low) : "",
                prediction?.Band is { } high ? HtmlPage.Number(high.High) : "",
            ];
        });
}
