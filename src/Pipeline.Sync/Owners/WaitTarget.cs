namespace Pipeline.Sync;

/// <summary>What the wait-for graph needs to know of a resource that is waited for. Made when a wait begins, never on the way of a lock that is free.</summary>
/// <param name="Name">The name that messages show.</param>
/// <param name="Level">The place in the lock order; null without one.</param>
/// <param name="Key">What tells resources apart across processes.</param>
/// <param name="Capacity">How many units may be held at once.</param>
/// <param name="Wanted">How many of these the request wants.</param>
/// <param name="AddHolders">Adds who holds some now, in this process and in others.</param>
internal sealed record WaitTarget(
    string Name, LockLevel? Level, string Key, int Capacity, int Wanted, Action<ICollection<LockHolder>> AddHolders)
{
    /// <summary>Gets the key of a resource that only this process knows.</summary>
    public static string LocalKey(long number) => $"{ProcessIdentity.Key}#{number}";
}
