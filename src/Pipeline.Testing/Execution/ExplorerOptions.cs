namespace Pipeline.Testing;

/// <summary>The limits of an exploration.</summary>
public sealed record ExplorerOptions
{
    /// <summary>Gets the number of steps after which a run counts as a livelock.</summary>
    /// <value>Steps, 1 or more; default 10,000.</value>
    public int StepLimit { get; init; } = 10_000;

    /// <summary>Gets how many schedules an exhaustive search may run before it gives up and says so.</summary>
    /// <value>Schedules, 1 or more; default 2,000,000.</value>
    public long ScheduleLimit { get; init; } = 2_000_000;

    /// <summary>Gets whether an exhaustive search skips schedules that order all dependent steps as one that was run.</summary>
    /// <value>Default true. False runs every schedule, which gives the same verdicts and takes longer; tests of this library compare the two.</value>
    public bool SkipEquivalent { get; init; } = true;

    /// <summary>Gets whether a failing schedule is shrunk.</summary>
    /// <value>Default true. False shows the schedule as it was found, and gives no certificate.</value>
    public bool Shrink { get; init; } = true;

    /// <summary>Gets whether the steps of model programs reach the scheduler. (For real code, the switch of <see cref="Sync.SyncPoint"/> decides.)</summary>
    /// <value>
    /// Default true. False is for seeing what happens when a tool loses its instrumentation: the canaries pass although they must fail, and
    /// every exploration ends in <see cref="ExplorerBlindException"/>.
    /// </value>
    public bool IsInstrumented { get; init; } = true;
}
