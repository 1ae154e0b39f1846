namespace Pipeline.Profiling;

/// <summary>Measures how much of a run hangs on each stage, by making one stage after the other slower in real runs.</summary>
/// <remarks>Unlike the simulation it assumes nothing about queues, memory or processors: the runs are real, so all that stages share is in them.</remarks>
public sealed class SlowDownProfiler
{
    private const int Resamples = 2000;
    private const double Level = 0.95;
    private readonly Func<StageSlowDown?, CancellationToken, Task<RunReport>> _run;

    /// <summary>Makes a profiler of anything that runs with a stage slowed down.</summary>
    /// <param name="run">Runs the same work with a slow-down, or with none for null, and returns the report.</param>
    public SlowDownProfiler(Func<StageSlowDown?, CancellationToken, Task<RunReport>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _run = run;
    }

    /// <summary>Makes a profiler of a pipeline.</summary>
    /// <typeparam name="TIn">The items that the source gives.</typeparam>
    /// <typeparam name="TOut">The results.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="source">The items, the same for every run: it is read once per run.</param>
    /// <param name="workers">The run's workers, 1 to 1,024.</param>
    /// <returns>The profiler. Results are disposed if they are disposable.</returns>
    public static SlowDownProfiler Of<TIn, TOut>(StagedPipeline<TIn, TOut> pipeline, IReadOnlyCollection<TIn> source, int workers)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(source);
        return new SlowDownProfiler(
            (slowDown, cancellationToken) =>
                pipeline.RunAsync(source, new RunOptions { Workers = workers, SlowDown = slowDown }, cancellationToken));
    }

    /// <summary>Runs the experiments.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellationToken">Stops them.</param>
    /// <returns>One result per stage, the largest effect first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">A stage is not among the run's.</exception>
    /// <exception cref="OperationCanceledException">They were canceled.</exception>
    public async Task<IReadOnlyList<SlowDownResult>> MeasureAsync(
        SlowDownOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SlowDownOptions();
        if (options.Rounds is < 1 or > 1000 || options.WarmUps is < 0 or > 100 || options.Share is not (>= 0.01 and <= 10))
            throw new ArgumentOutOfRangeException(nameof(options), $"Experiments were given {options.Rounds} rounds, {options.WarmUps} "
                + $"warm-ups and a share of {options.Share}. Rounds must be 1 to 1,000, warm-ups 0 to 100, the share 0.01 to 10.");
        for (int i = 0; i < options.WarmUps; i++)
        {
            options.Progress?.Invoke(-1, 0, null);
            await _run(null, cancellationToken).ConfigureAwait(false);
        }

        options.Progress?.Invoke(0, 0, null);
        RunReport first = await _run(null, cancellationToken).ConfigureAwait(false);
        string[] stages = options.Stages.Count > 0 ? [.. options.Stages.Distinct()] : [.. first.Stages.Select(s => s.Name)];
        return await RoundsAsync(stages, first, options, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<SlowDownResult>> RoundsAsync(
        string[] stages, RunReport first, SlowDownOptions options, CancellationToken cancellationToken)
    {
        Random random = new(options.Seed);
        List<RunReport> plain = [];
        Dictionary<string, List<double>> changes = stages.ToDictionary(s => s, _ => new List<double>(), StringComparer.Ordinal);
        StageSlowDown?[] round = [null, .. stages.Select(s => new StageSlowDown(s, options.Share))];
        int runs = options.Rounds * round.Length;
        int done = 1;
        for (int i = 0; i < options.Rounds; i++)
        {
            random.Shuffle(round);
            Dictionary<string, double> seconds = [];
            foreach (StageSlowDown? slowDown in round)
            {
                bool isFirst = i == 0 && slowDown is null;
                if (!isFirst)
                    options.Progress?.Invoke(done++, runs, slowDown);
                RunReport report = isFirst ? first : await _run(slowDown, cancellationToken).ConfigureAwait(false);
                if (slowDown is null)
                    plain.Add(report);
                seconds[slowDown?.Stage ?? ""] = report.Elapsed.TotalSeconds;
            }

            foreach (string stage in stages)
                changes[stage].Add((seconds[stage] / seconds[""]) - 1);
        }

        PipelineModel model = RunModel.Of(plain.OrderBy(r => r.Elapsed).ElementAt(plain.Count / 2));
        double simulated = PipelineSimulator.Run(model).Seconds;
        return [.. stages.Select(s => Result(s, changes[s], model, simulated, options.Share)).OrderByDescending(r => r.Change)];
    }

    private static SlowDownResult Result(string stage, List<double> changes, PipelineModel model, double simulated, double share)
    {
        Random random = new(1);
        double[] medians =
            [.. Enumerable.Range(0, Resamples).Select(_ => Quantile.Median(changes.Select(_ => changes[random.Next(changes.Count)])))];
        double slower = PipelineSimulator.Run(model.WithStage(stage, s => s with { Times = s.Times.Scaled(1 + share) })).Seconds;
        return new SlowDownResult(
            stage, share, Quantile.Median(changes), Wider(Quantile.Central(medians, Level), changes), (slower / simulated) - 1);
    }

    /// <summary>Resampling a few rounds never leaves their range, which is too narrow for 95 %; Student's t knows how few they are.</summary>
    private static ConfidenceInterval Wider(ConfidenceInterval resampled, List<double> changes)
    {
        if (changes.Count == 1)
            return new ConfidenceInterval(double.NegativeInfinity, double.PositiveInfinity, Level);
        double mean = changes.Average();
        double error = Math.Sqrt(changes.Sum(c => (c - mean) * (c - mean)) / (changes.Count - 1) / changes.Count);
        double reach = StudentT.TwoSidedFactor(Level, changes.Count - 1) * error;
        return new ConfidenceInterval(Math.Min(resampled.Low, mean - reach), Math.Max(resampled.High, mean + reach), Level);
    }
}
