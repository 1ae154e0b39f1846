namespace Pipeline.Profiling;

/// <summary>One stage as the simulation sees it.</summary>
/// <param name="Name">The stage's name.</param>
/// <param name="Workers">How many workers it has, 1 to 1,024.</param>
/// <param name="Times">How long it works on an item.</param>
public sealed record StageModel(string Name, int Workers, StageTimes Times)
{
    /// <summary>Gets how many items may wait in front of the stage.</summary>
    /// <value>0 or more, those being processed excluded; default 64.</value>
    public int Capacity { get; init; } = 64;

    /// <summary>Gets the order in which results are handed on.</summary>
    /// <value>Default <see cref="StageOrder.Completion"/>.</value>
    public StageOrder Order { get; init; } = StageOrder.Completion;

    /// <summary>Gets a value indicating whether the stage takes the run's workers when their number is changed.</summary>
    /// <value>Default true; false for a stage with a fixed number of workers, which is serial when that is 1.</value>
    public bool FollowsRunWorkers { get; init; } = true;

    /// <summary>Gets a value indicating whether its work needs a place among the run's workers and a core.</summary>
    /// <value>Default true; false for a source or a sink that only waits.</value>
    public bool NeedsProcessor { get; init; } = true;

    /// <summary>Gets how many times longer each worker takes, by its index.</summary>
    /// <value>Empty, the default, when all are equally fast.</value>
    public IReadOnlyList<double> WorkerSlowness { get; init; } = [];

    /// <summary>Gets the library's own time per item in this stage; it occupies the worker like the body does.</summary>
    /// <value>Seconds, 0 or more; default 0.</value>
    public double HopSeconds { get; init; }

    /// <summary>Gets the time per item inside a section that one body at a time may be in, on top of <see cref="Times"/>.</summary>
    /// <value>Seconds, 0 or more; default 0.</value>
    public double SectionSeconds { get; init; }

    /// <summary>Gets the mean time that an item occupies a worker, slower workers included, waiting for others not.</summary>
    /// <value>Seconds.</value>
    public double SecondsPerItem
    {
        get
        {
            double rate = Enumerable.Range(0, Workers).Sum(i => i < WorkerSlowness.Count ? 1 / WorkerSlowness[i] : 1);
            return (Times.Mean + HopSeconds + SectionSeconds) * Workers / rate;
        }
    }

    /// <summary>Gets a value indicating whether only one worker can do it however many the run has.</summary>
    public bool IsSerial => Workers == 1 && !FollowsRunWorkers;
}
