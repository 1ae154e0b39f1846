namespace Pipeline.Core;

/// <summary>The checked copy of a stage's name and options.</summary>
internal sealed record StageSettings(string Name, int? Workers, int Capacity, StageOrder Order, FailurePolicy OnFailure, bool CountsAgainstWorkers = true, bool IsKeyed = false)
{
    public TimeSpan? ItemTimeout { get; init; }

    public StageExecutor Executor { get; init; } = StageExecutor.Tasks;

    public static StageSettings Create(string name, Action<StageOptions>? configure)
    {
        StageOptions options = new();
        configure?.Invoke(options);
        if (options.Workers is < 1 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(configure), options.Workers, $"Stage '{name}' was given {options.Workers} workers. Workers must be 1 to 1,024, or null for those of the run. Set StageOptions.Workers.");
        if (options.Capacity is < 1 or > 1_000_000)
            throw new ArgumentOutOfRangeException(nameof(configure), options.Capacity, $"Stage '{name}' was given capacity {options.Capacity}. Capacity must be 1 to 1,000,000 items. Set StageOptions.Capacity.");
        if (!Enum.IsDefined(options.Order))
            throw new ArgumentOutOfRangeException(nameof(configure), options.Order, $"Stage '{name}' was given order {options.Order}. Order must be Input or Completion. Set StageOptions.Order.");
        if (options.OnFailure is null)
            throw new ArgumentException($"Stage '{name}' was given no failure policy. OnFailure must not be null. Set StageOptions.OnFailure, for example to FailurePolicy.Stop.", nameof(configure));
        if (options.ItemTimeout is { } timeout && (timeout < TimeSpan.FromMilliseconds(1) || timeout > TimeSpan.FromDays(1)))
            throw new ArgumentOutOfRangeException(nameof(configure), timeout, $"Stage '{name}' was given an item timeout of {timeout}. ItemTimeout must be 1 ms to 1 day, or null for no limit. Set StageOptions.ItemTimeout.");
        if (options.Executor is null)
            throw new ArgumentException($"Stage '{name}' was given no executor. Executor must not be null. Set StageOptions.Executor, for example to StageExecutor.Tasks.", nameof(configure));
        return new StageSettings(name, options.Workers, options.Capacity, options.Order, options.OnFailure) { ItemTimeout = options.ItemTimeout, Executor = options.Executor };
    }
}
