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
    /// <value>Items, 1 to 1,000,000; default 64. At the end of a pipeline up to 64 batches wait for the sink or the consumer of a stream, whichever value this has.</value>
    public int Capacity { get; set; } = 64;
}
