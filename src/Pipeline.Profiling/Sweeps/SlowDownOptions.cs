namespace Pipeline.Profiling;

/// <summary>Settings of slow-down experiments. Checked when they start.</summary>
public sealed class SlowDownOptions
{
    /// <summary>Gets or sets the stages to slow down, one at a time.</summary>
    /// <value>Empty, the default, for all.</value>
    public IReadOnlyList<string> Stages { get; set; } = [];

    /// <summary>Gets or sets how much longer the items of the stage take.</summary>
    /// <value>0.01 to 10; default 0.2. Small shares drown in noise, large ones move the bottleneck.</value>
    public double Share { get; set; } = 0.2;

    /// <summary>Gets or sets how many rounds are run: in each, one run as it is and one per stage, in random order.</summary>
    /// <value>1 to 1,000; default 5.</value>
    public int Rounds { get; set; } = 5;

    /// <summary>Gets or sets how many runs come first and are not counted.</summary>
    /// <value>0 to 100; default 1.</value>
    public int WarmUps { get; set; } = 1;

    /// <summary>Gets or sets the seed of the order of the runs.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; set; } = 1;

    /// <summary>Gets or sets the receiver of progress, called before each run with what is slowed down in it, null for the run as it is.</summary>
    /// <value>Null, the default, for none.</value>
    public Action<int, int, StageSlowDown?>? Progress { get; set; }
}
