namespace Pipeline.Core;

/// <summary>The checked copy of a batch stage's limits.</summary>
internal sealed record BatchLimits(int MaxItems, TimeSpan? MaxWait, long? MaxBytes)
{
    public static BatchLimits Create(string name, BatchOptions options)
    {
        if (options.MaxItems is < 1 or > 1_000_000)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxItems, $"Stage '{name}' was given batches of {options.MaxItems} items. MaxItems must be 1 to 1,000,000. Set BatchOptions.MaxItems.");
        if (options.MaxWait is { } wait && (wait < TimeSpan.FromMilliseconds(1) || wait > TimeSpan.FromDays(1)))
            throw new ArgumentOutOfRangeException(nameof(options), wait, $"Stage '{name}' was given a batch wait of {wait}. MaxWait must be 1 ms to 1 day, or null to wait for full batches. Set BatchOptions.MaxWait.");
        if (options.MaxBytes is < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxBytes, $"Stage '{name}' was given batches of {options.MaxBytes} bytes. MaxBytes must be 1 or more, or null for no limit. Set BatchOptions.MaxBytes.");
        return new BatchLimits(options.MaxItems, options.MaxWait, options.MaxBytes);
    }
}
