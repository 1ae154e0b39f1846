namespace Pipeline.Profiling;

/// <summary>Makes profile reports.</summary>
public static class ProfileReports
{
    /// <summary>Explains measured points.</summary>
    /// <param name="series">The points.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <returns>The report.</returns>
    public static ProfileReport OfPoints(ScalingSeries series, ScalingAnalysisOptions? options = null)
    {
        ScalingAnalysis curve = ScalingAnalyzer.Analyze(series, options);
        return new ProfileReport
        {
            Name = series.Name,
            Verdict = curve.Verdict,
            Curve = curve,
            Predictions = curve.Predictions,
            Checks = curve.Checks,
        };
    }

    /// <summary>Explains one run.</summary>
    /// <param name="report">The run; it finished at least one item.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="predict">The numbers of workers to predict; null for 32.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">The run finished no item.</exception>
    public static ProfileReport OfRun(RunReport report, RunAnalysisOptions? options = null, IReadOnlyList<int>? predict = null)
    {
        RunAnalysis run = RunAnalyzer.Analyze(report, options);
        int[] wanted = [.. predict ?? [32]];
        IReadOnlyList<SimulatedPoint> simulation = Simulate(run.Model, wanted);
        return new ProfileReport
        {
            Name = report.PipelineName,
            Verdict = run.Cause.Sentence,
            Context = ProfileContext.Current(),
            Run = run,
            Simulation = simulation,
            Predictions = [.. wanted.Select(n => SimulationPrediction.At(run.Model, n, Math.Max(1, report.Workers), simulation))],
            Checks = run.Checks,
        };
    }

    /// <summary>Explains a sweep.</summary>
    /// <param name="name">What was profiled.</param>
    /// <param name="runs">The runs, at least one; all of the same work.</param>
    /// <param name="options">The sweep's settings; null for the defaults.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">There is no run.</exception>
    /// <exception cref="InvalidOperationException">A run finished no item, or not the same number as the others.</exception>
    public static ProfileReport OfSweep(string name, IReadOnlyList<SweepRun> runs, SweepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(runs);
        options ??= new SweepOptions();
        if (runs.Count == 0)
            throw new ArgumentException("A sweep has at least one run.", nameof(runs));
        long[] items = [.. runs.Select(r => r.Report.ItemsCompleted).Distinct()];
        if (items.Length != 1 || items[0] == 0)
            throw new InvalidOperationException($"The runs of '{name}' finished {string.Join(", ", items)} items. All must finish the "
                + $"same number, at least one. Give every run the same source, and look at the failures.");
        IEnumerable<ScalingSample> samples = runs
            .Select(r => new ScalingSample(r.Workers, r.Report.Elapsed.TotalSeconds) { Items = r.Report.ItemsCompleted });
        ScalingSeries series = new(name, ScalingMeasure.Seconds, samples);
        ScalingAnalysis curve = ScalingAnalyzer.Analyze(
            series, new ScalingAnalysisOptions { Predict = [.. options.Predict.Select(n => (double)n)] });
        RunReport widest = MedianRun(runs, (int)series.MaxWorkers);
        RunAnalysis run = RunAnalyzer.Analyze(widest, new RunAnalysisOptions
        {
            Sections = options.Sections,
            MaxItemsInFlightFor = options.MaxItemsInFlightFor,
            Contention = options.Contention,
        });
        IReadOnlyList<SimulatedPoint> simulation = Simulate(run.Model, options.Predict);
        return new ProfileReport
        {
            Name = name,
            Verdict = run.Cause.Sentence,
            Context = ProfileContext.Current(),
            Curve = curve,
            Run = run,
            Simulation = simulation,
            Predictions = [.. options.Predict.Select(n => SimulationPrediction.At(run.Model, n, (int)series.MaxWorkers, simulation))],
            LostTime = LostTimes.Of(runs, widest),
            Checks = [.. run.Checks, AgreementCheck(series, simulation), .. curve.Checks],
        };
    }

    internal static RunReport MedianRun(IReadOnlyList<SweepRun> runs, int workers)
    {
        RunReport[] same = [.. runs.Where(r => r.Workers == workers).Select(r => r.Report).OrderBy(r => r.Elapsed)];
        return same[(same.Length - 1) / 2];
    }

    private static SimulatedPoint[] Simulate(PipelineModel model, IReadOnlyList<int> predict)
    {
        int most = Math.Max(32, predict.DefaultIfEmpty(1).Max());
        int[] counts = [.. Enumerable.Range(1, 16), .. Enumerable.Range(1, most / 8).Select(i => 8 * i), .. predict, most];
        return [.. PipelineSimulator.Sweep(model, counts.Distinct().Order()).Select(
            p => new SimulatedPoint(p.Workers, p.Seconds, p.SpeedUp))];
    }

    /// <summary>The simulation knows the run with the most workers; whether it also hits the others shows whether stage times stay.</summary>
    private static ProfileCheck AgreementCheck(ScalingSeries series, IReadOnlyList<SimulatedPoint> simulation)
    {
        (double Workers, double Error)[] errors = [.. SeriesPoint.Of(series.Samples)
            .Select(p => (p.Workers, Simulated: simulation.FirstOrDefault(s => s.Workers == p.Workers), p.Seconds))
            .Where(p => p.Simulated is not null)
            .Select(p => (p.Workers, (p.Simulated!.Seconds / p.Seconds) - 1))];
        if (errors.Length == 0)
            return new ProfileCheck("agreement", false, "No measured worker count was simulated.");
        (double workers, double error) = errors.MaxBy(e => Math.Abs(e.Error));
        bool agrees = Math.Abs(error) <= RunChecks.SimulationTolerance;
        string meaning = agrees ? "" : " Stage times change with the workers: memory bandwidth, shared cores or a busy machine.";
        return new ProfileCheck("agreement", agrees, Invariant($"Simulated and measured times of the sweep differ by at most "
            + $"{error:+0.0 %;-0.0 %;0.0 %} (at {Count(workers, "worker")}).{meaning}"));
    }
}
