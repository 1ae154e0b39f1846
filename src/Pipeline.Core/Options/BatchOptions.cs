namespace Pipeline.Core;

/// <summary>When a batch is handed on: at the first of the limits that is reached, and at the end of the input.</summary>
public sealed class BatchOptions
{
    /// <summary>Gets or sets the most items of a batch.</summary>
    /// <value>Items, 1 to 1,000,000; default 100.</value>
    public int MaxItems { get; set; } = 100;

    /// <summary>Gets or sets how long the first item of a batch waits for others.</summary>
    /// <value>1 ms to 1 day; null, the default, waits until the batch is full.</value>
    public TimeSpan? MaxWait { get; set; }

    /// <summary>Gets or sets the bytes after which a batch is full, judged by what its items are charged against the memory budget.</summary>
    /// <value>Bytes, 1 or more; null, the default, for no limit. The item that reaches the limit is the last of its batch.</value>
    public long? MaxBytes { get; set; }

    /// <summary>Gets or sets how many items may wait in front of the batch being filled.</summary>
    /// <value>Items, 1 to 1,000,000; default 64. At the end of a pipeline up to 64 batches wait for the sink or the consumer of a stream, whichever value this
    /// has.</value>
    public int Capacity { get; set; } = 64;

    /// <summary>Checks the options of a batch stage and copies them, so that its definition does not see later changes.</summary>
    internal BatchOptions CheckedCopy(string stage)
    {
        Refusal refusal = new("options", $"Stage '{stage}'", nameof(BatchOptions));
        if (MaxItems is < 1 or > 1_000_000)
            throw refusal.OutOfRange(MaxItems, "given batches of {0} items", "1 to 1,000,000");
        if (MaxWait < TimeSpan.FromMilliseconds(1) || MaxWait > TimeSpan.FromDays(1))
            throw refusal.OutOfRange(MaxWait, "given a batch wait of {0}", "1 ms to 1 day, or null to wait for full batches");
        if (MaxBytes is < 1)
            throw refusal.OutOfRange(MaxBytes, "given batches of {0} bytes", "1 or more, or null for no limit");
        return (BatchOptions)MemberwiseClone();
    }
}
