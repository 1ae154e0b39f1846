namespace Pipeline.Profiling;

/// <summary>A pipeline as the simulation sees it.</summary>
public sealed record PipelineModel
{
    /// <summary>Makes a model.</summary>
    /// <param name="stages">The stages in order, at least one.</param>
    /// <param name="items">How many items the source gives, 1 or more.</param>
    /// <exception cref="ArgumentException">There is no stage, or two have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public PipelineModel(IEnumerable<StageModel> stages, long items)
    {
        ArgumentNullException.ThrowIfNull(stages);
        Stages = [.. stages];
        if (Stages.Count == 0)
            throw new ArgumentException("A pipeline has at least one stage.", nameof(stages));
        if (Stages.Select(s => s.Name).Distinct(StringComparer.Ordinal).Count() != Stages.Count)
            throw new ArgumentException(
                "Two stages have the same name. Name each stage differently, since what-ifs go by name.", nameof(stages));
        foreach (StageModel stage in Stages)
        {
            if (stage.Workers is < 1 or > 1024 || stage.Capacity < 0)
                throw new ArgumentOutOfRangeException(nameof(stages), $"Stage '{stage.Name}' has {stage.Workers} workers and capacity "
                    + $"{stage.Capacity}. Workers must be 1 to 1,024 and the capacity 0 or more.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(items, 1);
        Items = items;
    }

    /// <summary>Gets the stages in order.</summary>
    public IReadOnlyList<StageModel> Stages { get; internal init; }

    /// <summary>Gets how many items the source gives.</summary>
    public long Items { get; private init; }

    /// <summary>Gets how long the source takes to give an item; only a full first queue holds it back.</summary>
    /// <value>Default no time.</value>
    public StageTimes SourceTimes { get; init; } = StageTimes.Constant(0);

    /// <summary>Gets how many stage bodies may run at once over all stages; later stages go first.</summary>
    /// <value>1 or more; null, the default, for no such limit.</value>
    public int? Workers { get; init; }

    /// <summary>Gets how many cores the bodies share; when more run, all of them slow down alike.</summary>
    /// <value>1 or more; null, the default, for enough.</value>
    public int? Cores { get; init; }

    /// <summary>Gets the processor time per item that the process needs beside the bodies: compiling, collecting garbage, threads of libraries.</summary>
    /// <value>Seconds, 0 or more; default 0. It slows bodies down only where it finds no free processor.</value>
    public double BackgroundSeconds { get; init; }

    /// <summary>Gets how much bodies that compute at the same time slow each other down.</summary>
    /// <value>Null, the default, for not at all.</value>
    public MachineContention? Contention { get; init; }

    /// <summary>Gets how many bodies computed at once where the times of the stages were measured; they contain what <see cref="Contention"/> does.</summary>
    /// <value>1 or more; default 1.</value>
    public int MeasuredWorkers { get; init; } = 1;

    /// <summary>Gets the processors that the background may use while the run has fewer workers than that.</summary>
    /// <value>Default 1. Without <see cref="Cores"/> there are as many processors as this or as the run has workers, whichever is more.</value>
    public int Processors { get; init; } = 1;

    /// <summary>Gets how many items may be between source and end.</summary>
    /// <value>1 or more; null, the default, for no limit but the queues.</value>
    public int? MaxItemsInFlight { get; init; }

    /// <summary>Gets how many items may be between source and end when the run has another number of workers.</summary>
    /// <value>Gives 1 or more for a number of workers; null, the default, when <see cref="MaxItemsInFlight"/> stays as it is.</value>
    public Func<int, int>? MaxItemsInFlightFor { get; init; }

    /// <summary>Gives the run another number of workers; stages that follow the run get them too.</summary>
    /// <param name="workers">Workers, 1 to 1,024.</param>
    /// <returns>The changed model. A limit of cores stays.</returns>
    public PipelineModel WithWorkers(int workers)
    {
        if (workers is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(workers), workers, "Workers must be 1 to 1,024.");
        int? inFlight = MaxItemsInFlightFor is { } limit ? Math.Max(1, limit(workers)) : MaxItemsInFlight;
        return this with
        {
            Workers = workers,
            MaxItemsInFlight = inFlight,
            Stages = [.. Stages.Select(s => s.FollowsRunWorkers ? s with { Workers = workers } : s)]
        };
    }

    /// <summary>Changes one stage.</summary>
    /// <param name="stageName">The stage.</param>
    /// <param name="change">Gives the changed stage.</param>
    /// <returns>The changed model.</returns>
    /// <exception cref="ArgumentException">There is no such stage.</exception>
    public PipelineModel WithStage(string stageName, Func<StageModel, StageModel> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (!Stages.Any(s => s.Name == stageName))
            throw new ArgumentException(
                $"There is no stage '{stageName}' among {string.Join(", ", Stages.Select(s => $"'{s.Name}'"))}.", nameof(stageName));
        return this with { Stages = [.. Stages.Select(s => s.Name == stageName ? change(s) : s)] };
    }

    /// <summary>Changes the number of items.</summary>
    /// <param name="items">Items, 1 or more.</param>
    /// <returns>The changed model.</returns>
    public PipelineModel WithItems(long items)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 1);
        return this with { Items = items };
    }

    /// <summary>Finds what sets the pace.</summary>
    /// <returns>The slowest stage, the source, or the processors that all stages share; ties as ties.</returns>
    public PipelineBottleneck Bottleneck() => PipelineBottleneck.Of(this);

    /// <summary>Computes the two limits: stages that only one worker can do, and the source, are the serial parts.</summary>
    /// <returns>The limits of the speed-up over everything one after the other.</returns>
    public PipelineLimits Limits() => Limits(0);

    internal PipelineLimits Limits(double stoppedSecondsPerItem)
    {
        List<double> serial = [.. Stages.Where(s => s.IsSerial && s.Times.Mean > 0).Select(s => s.Times.Mean + s.SectionSeconds)];
        if (SourceTimes.Mean > 0)
            serial.Add(SourceTimes.Mean);
        serial.AddRange(Stages.Where(s => !s.IsSerial && s.SectionSeconds > 0).Select(s => s.SectionSeconds));
        return PipelineLimits.Of(serial, Stages.Where(s => !s.IsSerial).Sum(s => s.Times.Mean), stoppedSecondsPerItem);
    }
}
