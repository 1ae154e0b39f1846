namespace Pipeline.Sync;

/// <summary>Numbers that order locks of the same level and name within this process.</summary>
internal static class LockNumbers
{
    private static long s_last; // Interlocked only

    public static long Next() => Interlocked.Increment(ref s_last);
}
