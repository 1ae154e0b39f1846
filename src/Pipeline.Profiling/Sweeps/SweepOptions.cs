namespace Pipeline.Profiling;

/// <summary>Settings of a sweep. Checked when it starts.</summary>
public sealed class SweepOptions
{
    /// <summary>Gets or sets the numbers of workers to run with.</summary>
    /// <value>1 to 1,024 each; empty, the default, for 1, 2, 3, 4, 6, 8, ... up to <see cref="MaxWorkers"/>.</value>
    public IReadOnlyList<int> Workers { get; set; } = [];

    /// <summary>Gets or sets the most workers of the default numbers.</summary>
    /// <value>1 to 1,024; default the processors of this machine.</value>
    public int MaxWorkers { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 1024);

    /// <summary>Gets or sets how often each number of workers is run.</summary>
    /// <value>1 to 1,000; default 3. Ten give intervals that can be trusted; below three they come from the distance to the curve.</value>
    public int Repeats { get; set; } = 3;

    /// <summary>Gets or sets how many runs come first and are not counted.</summary>
    /// <value>0 to 100; default 1, which compiles the code and fills the caches of files.</value>
    public int WarmUps { get; set; } = 1;

    /// <summary>Gets or sets the numbers of workers to predict.</summary>
    /// <value>1 to 1,024 each; default 32.</value>
    public IReadOnlyList<int> Predict { get; set; } = [32];

    /// <summary>Gets or sets the serial sections that the bodies enter.</summary>
    /// <value>Default none.</value>
    public IReadOnlyList<SerialSection> Sections { get; set; } = [];

    /// <summary>Gets or sets how many items may be in flight when the run has another number of workers.</summary>
    /// <value>Gives <see cref="RunOptions.MaxItemsInFlight"/> for a number of workers; null, the default, when it stays as in the run.</value>
    public Func<int, int>? MaxItemsInFlightFor { get; set; }

    /// <summary>Gets or sets how much threads slow each other down on this machine.</summary>
    /// <value>Null, the default, when not known. Worth measuring where the sweep ends below the processors; up to its largest number of workers the runs
    /// themselves show it.</value>
    public MachineContention? Contention { get; set; }

    /// <summary>Gets or sets the seed of the order of the runs.</summary>
    /// <value>Default 1. Within each round the order is random, so that a slow minute of the machine meets all worker counts.</value>
    public int Seed { get; set; } = 1;

    /// <summary>Gets or sets the receiver of progress, called before each run and at the end.</summary>
    /// <value>Null, the default, for none.</value>
    public IProgress<SweepProgress>? Progress { get; set; }

    /// <summary>Gets or sets the clock for the time left.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal IReadOnlyList<int> WorkerCounts()
    {
        if (Workers.Count > 0)
            return [.. Workers.Distinct().Order()];
        int[] usual = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024];
        return [.. usual.Where(n => n < MaxWorkers).Append(MaxWorkers)];
    }
}
