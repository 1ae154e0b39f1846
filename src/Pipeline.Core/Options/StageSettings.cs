namespace Pipeline.Core;

/// <summary>The checked copy of a stage's name and options.</summary>
internal sealed record StageSettings(
    string Name, int? Workers, int Capacity, StageOrder Order, FailurePolicy OnFailure, bool CountsAgainstWorkers = true,
    bool IsKeyed = false)
{
    public TimeSpan? ItemTimeout { get; init; }
    public StageExecutor Executor { get; init; } = StageExecutor.Tasks;

    public static StageSettings Create(string name, Action<StageOptions>? configure)
    {
        StageOptions options = new();
        configure?.Invoke(options);
        Refusal refusal = new(nameof(configure), $"Stage '{name}'", nameof(StageOptions));
        if (options.Workers is < 1 or > 1024)
            throw refusal.OutOfRange(options.Workers, "given {0} workers", "1 to 1,024, or null for those of the run");
        if (options.Capacity is < 1 or > 1_000_000)
            throw refusal.OutOfRange(options.Capacity, "given capacity {0}", "1 to 1,000,000 items");
        if (!Enum.IsDefined(options.Order))
            throw refusal.OutOfRange(options.Order, "given order {0}", "Input or Completion");
        if (options.OnFailure is null)
            throw refusal.Missing("given no failure policy", nameof(StageOptions.OnFailure), "FailurePolicy.Stop");
        if (options.ItemTimeout < TimeSpan.FromMilliseconds(1) || options.ItemTimeout > TimeSpan.FromDays(1))
            throw refusal.OutOfRange(options.ItemTimeout, "given an item timeout of {0}", "1 ms to 1 day, or null for no limit");
        if (options.Executor is null)
            throw refusal.Missing("given no executor", nameof(StageOptions.Executor), "StageExecutor.Tasks");
        return new StageSettings(name, options.Workers, options.Capacity, options.Order, options.OnFailure)
        {
            ItemTimeout = options.ItemTimeout,
            Executor = options.Executor,
        };
    }
}
