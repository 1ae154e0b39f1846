namespace Pipeline.Sync;

/// <summary>One permit of a semaphore.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="IsHeld">Whether the kernel says that its lock is taken.</param>
/// <param name="Holder">What the holder wrote about itself; null when free, or when the holder was killed or stopped before it could write.</param>
public sealed record PermitDescription(int Number, bool IsHeld, LockHolder? Holder)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        if (!IsHeld)
            return $"permit {Number}: free";
        if (Holder is null)
            return $"permit {Number}: held, by a process that has not said who it is";
        string purpose = Holder.Purpose.Length == 0 ? "" : $" for {Holder.Purpose}";
        return $"permit {Number}: held by {Holder.Owner} (process {Holder.ProcessId}) "
            + $"since {Holder.Since:yyyy-MM-dd HH:mm:ss}Z{purpose}, acquired at {Holder.Site}";
    }
}
