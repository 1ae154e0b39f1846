namespace Pipeline.Sync;

/// <summary>One wait in a <see cref="WaitForGraph"/>: who waits for what, and what it holds meanwhile.</summary>
/// <param name="Owner">The owner as messages show it.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Wants">The lock or semaphore that is waited for.</param>
/// <param name="Level">The rank of its level; null without one.</param>
/// <param name="Site">Where it was asked for.</param>
/// <param name="Since">Since when it waits.</param>
/// <param name="Holds">What the owner holds.</param>
public sealed record WaitForEdge(
    string Owner, int ProcessId, string Wants, int? Level, string Site, DateTimeOffset Since, IReadOnlyList<LockHolder> Holds)
{
    internal string OwnerKey { get; init; } = "";

    internal string Resource { get; init; } = "";

    internal int Units { get; init; } = 1;

    /// <summary>Gets the number of the wait in this process; 0 for a wait of another process.</summary>
    internal long LocalWait { get; init; }

    /// <summary>Gets what tells this wait from an earlier or later one of the same owner, in every process alike.</summary>
    internal string Identity => $"{OwnerKey}>{Resource}";
}
