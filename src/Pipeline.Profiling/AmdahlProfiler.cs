namespace Pipeline.Profiling;

/// <summary>Runs a pipeline with several numbers of workers and explains what it finds.</summary>
/// <remarks>
/// The runs are interleaved in rounds of random order and repeated, so that what else the machine does meets all of them alike. One
/// sweep at a time; the pipeline's runs themselves may be observed as usual.
/// </remarks>
public sealed class AmdahlProfiler
{
    private readonly string _name;
    private readonly Func<int, CancellationToken, Task<RunReport>> _run;

    /// <summary>Makes a profiler of anything that runs with a number of workers.</summary>
    /// <param name="name">What is profiled; used in reports.</param>
    /// <param name="run">Runs the same work with a number of workers and returns the report. It may start another process.</param>
    public AmdahlProfiler(string name, Func<int, CancellationToken, Task<RunReport>> run)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(run);
        (_name, _run) = (name, run);
    }

    /// <summary>Makes a profiler of a pipeline.</summary>
    /// <typeparam name="TIn">The items that the source gives.</typeparam>
    /// <typeparam name="TOut">The results.</typeparam>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="source">The items, the same for every run: it is read once per run.</param>
    /// <returns>The profiler. Results are disposed if they are disposable.</returns>
    public static AmdahlProfiler Of<TIn, TOut>(StagedPipeline<TIn, TOut> pipeline, IReadOnlyCollection<TIn> source)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(source);
        return new AmdahlProfiler(
            pipeline.Name, (workers, cancellationToken) =>
                pipeline.RunAsync(source, new RunOptions { Workers = workers }, cancellationToken));
    }

    /// <summary>Runs the sweep and explains it.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the sweep.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">A run finished no item, or not the same number as the others.</exception>
    /// <exception cref="OperationCanceledException">The sweep was canceled.</exception>
    public async Task<ProfileReport> ProfileAsync(SweepOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SweepOptions();
        IReadOnlyList<SweepRun> runs = await SweepAsync(options, cancellationToken).ConfigureAwait(false);
        return ProfileReports.OfSweep(_name, runs, options);
    }

    /// <summary>Runs the sweep.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the sweep.</param>
    /// <returns>The counted runs in the order in which they ran.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The sweep was canceled.</exception>
    public async Task<IReadOnlyList<SweepRun>> SweepAsync(SweepOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SweepOptions();
        List<int> plan = Plan(options);
        List<SweepRun> runs = [];
        long start = options.TimeProvider.GetTimestamp();
        for (int i = 0; i < plan.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            options.Progress?.Report(
                new SweepProgress(i, plan.Count, plan[i], TimeLeft(options.TimeProvider.GetElapsedTime(start), plan, i)));
            RunReport report = await _run(plan[i], cancellationToken).ConfigureAwait(false);
            if (i >= options.WarmUps)
                runs.Add(new SweepRun(plan[i], report));
        }

        options.Progress?.Report(new SweepProgress(plan.Count, plan.Count, 0, TimeSpan.Zero));
        return runs;
    }

    private static List<int> Plan(SweepOptions options)
    {
        IReadOnlyList<int> counts = options.WorkerCounts();
        if (counts.Any(n => n is < 1 or > 1024))
            throw new ArgumentOutOfRangeException(nameof(options), "A sweep was given a number of workers outside 1 to 1,024. Set "
                + "SweepOptions.Workers or MaxWorkers.");
        if (options.Repeats is < 1 or > 1000 || options.WarmUps is < 0 or > 100)
            throw new ArgumentOutOfRangeException(nameof(options), $"A sweep was given {options.Repeats} repeats and {options.WarmUps} "
                + $"warm-ups. Repeats must be 1 to 1,000 and warm-ups 0 to 100.");
        Random random = new(options.Seed);
        List<int> plan = [.. Enumerable.Repeat(counts[^1], options.WarmUps)];
        for (int round = 0; round < options.Repeats; round++)
        {
            int[] order = [.. counts];
            random.Shuffle(order);
            plan.AddRange(order);
        }

        return plan;
    }

    /// <summary>Runs cost about one over their workers; what is left is judged by what the runs so far cost.</summary>
    private static TimeSpan? TimeLeft(TimeSpan elapsed, List<int> plan, int done)
    {
        double before = plan.Take(done).Sum(n => 1.0 / n);
        return done == 0 ? null : elapsed * (plan.Skip(done).Sum(n => 1.0 / n) / before);
    }
}
