namespace Pipeline.Core;

/// <summary>Settings of one stage. They are checked and copied when the stage is added to a definition.</summary>
public sealed class StageOptions
{
    /// <summary>Gets or sets how many workers process items of this stage at the same time.</summary>
    /// <value>Workers, 1 to 1,024; null, the default, takes <see cref="RunOptions.Workers"/> of the run.</value>
    public int? Workers { get; set; }

    /// <summary>Gets or sets how many items may wait in front of this stage.</summary>
    /// <value>Items, 1 to 1,000,000; default 64. Excludes items being processed. When full, the upstream stage waits.</value>
    /// <remarks>Behind the last stage as many results wait for the sink or the consumer of a stream as items may wait in front of that stage, and 64 at least;
    /// behind a stage that makes several results of an item, 64.</remarks>
    public int Capacity { get; set; } = 64;

    /// <summary>Gets or sets the order in which results are handed on.</summary>
    /// <value>Default <see cref="StageOrder.Input"/>.</value>
    public StageOrder Order { get; set; } = StageOrder.Input;

    /// <summary>Gets or sets what happens to an item whose processing throws.</summary>
    /// <value>Default <see cref="FailurePolicy.Stop"/>.</value>
    public FailurePolicy OnFailure { get; set; } = FailurePolicy.Stop;

    /// <summary>Gets or sets how long one attempt at an item may take.</summary>
    /// <value>1 ms to 1 day; null, the default, for no limit. The body's token is canceled then and the attempt fails with a <see cref="TimeoutException"/>; a
    /// body that ignores its token goes on, so hard limits need processes.</value>
    public TimeSpan? ItemTimeout { get; set; }

    /// <summary>Gets or sets where the bodies run.</summary>
    /// <value>Default <see cref="StageExecutor.Tasks"/>.</value>
    public StageExecutor Executor { get; set; } = StageExecutor.Tasks;
}
