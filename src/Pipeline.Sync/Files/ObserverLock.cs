namespace Pipeline.Sync;

/// <summary>Keeps observers from making an acquisition fail: only the kernel knows that a lock is free, so an observer takes free ones for a
/// microsecond.</summary>
/// <remarks>
/// An observer holds the lock of the file <c>look</c> meanwhile; a process that finds everything taken and would give up tries once more while holding it, when
/// no observer looks. Locking: a kernel lock, so it is free again when a process is killed; one that is stopped with it is waited for half a second.
/// </remarks>
internal static class ObserverLock
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Makes the file, for observers that may not.</summary>
    public static void Create(string directory) => new FileLock(PathOf(directory)).Dispose();

    /// <summary>Waits until no other observer looks.</summary>
    /// <returns>The lock; null when there is none to be had: a directory of an earlier version, or a process that does not give it back.</returns>
    public static FileLock? Enter(string directory)
    {
        FileLock? gate = FileLock.OpenExisting(PathOf(directory));
        if (gate is null || gate.TryLock() || SpinWait.SpinUntil(gate.TryLock, s_patience))
            return gate;
        gate.Dispose();
        return null;
    }

    private static string PathOf(string directory) => Path.Combine(directory, "look");
}
