namespace Pipeline.Processes;

/// <summary>Settings of a <see cref="SharedBufferPool"/>. They are checked and copied when the pool is created.</summary>
public sealed class SharedBufferPoolOptions
{
    /// <summary>Gets or sets how much shared memory buffers may take together, idle ones included.</summary>
    /// <value>
    /// Bytes, 64 KiB to 4 TiB; default: half of the memory that this machine or container gives. More is refused with <see cref="SharedMemoryException"/>.
    /// </value>
    public long MaxBytes { get; set; } = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, SharedArena.Granularity, 4L << 40);

    /// <summary>Gets or sets how much memory of disposed buffers is kept for the next ones.</summary>
    /// <value>
    /// Bytes, 0 or more; default 256 MiB. The rest goes back to the system at once; using kept memory again saves the work of clearing and mapping its pages.
    /// </value>
    public long MaxIdleBytes { get; set; } = 256L << 20;

    /// <summary>Gets or sets how much memory of the machine or container a new buffer must leave free.</summary>
    /// <value>
    /// Bytes, 0 or more; default 64 MiB. A buffer that would leave less is refused with <see cref="SharedMemoryException"/> instead of waking the out-of-memory
    /// killer.
    /// </value>
    public long ReservedBytes { get; set; } = 64L << 20;

    internal SharedBufferPoolOptions CheckAndCopy()
    {
        if (MaxBytes < SharedArena.Granularity || MaxBytes > 4L << 40)
            throw new ArgumentOutOfRangeException(
                nameof(MaxBytes),
                MaxBytes,
                $"A shared buffer pool was given MaxBytes = {MaxBytes}. It must be 65536 bytes to 4 TiB. Set "
                    + "SharedBufferPoolOptions.MaxBytes.");
        ArgumentOutOfRangeException.ThrowIfNegative(MaxIdleBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(ReservedBytes);
        return new SharedBufferPoolOptions { MaxBytes = MaxBytes, MaxIdleBytes = MaxIdleBytes, ReservedBytes = ReservedBytes };
    }
}
