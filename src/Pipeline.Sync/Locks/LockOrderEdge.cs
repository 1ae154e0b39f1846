namespace Pipeline.Sync;

/// <summary>One fact about the lock order of a program: a lock of one level was taken while one of another level was held.</summary>
/// <param name="From">The level that was held.</param>
/// <param name="To">The level that was asked for.</param>
/// <param name="FromSite">Where the held lock was acquired, the first time this was seen.</param>
/// <param name="ToSite">Where the other was asked for.</param>
public sealed record LockOrderEdge(string From, string To, string FromSite, string ToSite)
{
    /// <inheritdoc/>
    public override string ToString() => $"{From} -> {To}  # {FromSite} then {ToSite}";
}
