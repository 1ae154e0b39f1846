namespace Pipeline.Sync;

/// <summary>The outcome of waiting for one lockable: not acquired means that the time was over.</summary>
internal readonly record struct LockGrant(bool IsAcquired, object? Lease)
{
    public static LockGrant TimedOut => default;

    public static LockGrant Acquired(object? lease) => new(true, lease);
}
