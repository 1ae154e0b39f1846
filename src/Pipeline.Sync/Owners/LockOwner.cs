using System.Globalization;

namespace Pipeline.Sync;

/// <summary>A name for the flow of control that takes locks, so that messages say "job 41" instead of a number.</summary>
/// <remarks>
/// Everything that the flow acquires between <see cref="Begin"/> and <see cref="Dispose"/> belongs to one owner, also when it is acquired step by step and in
/// tasks that the flow starts. Without it, each chain of nested acquisitions is an owner of its own. Locking: immutable; the current owner is ambient, private
/// to each execution context.
/// </remarks>
public sealed class LockOwner : IDisposable
{
    private static readonly AsyncLocal<LockOwner?> s_current = new();
    private static long s_ids; // Interlocked only
    private static bool s_used; // set once, before the first owner is current: most programs name none, and looking costs as much as a lock

    private readonly LockOwner? _former;

    private LockOwner(long id, string label, LockOwner? former)
    {
        Id = id;
        Label = label;
        _former = former;
    }

    /// <summary>Gets the name of this owner.</summary>
    public string Label { get; }

    internal static LockOwner? Current => Volatile.Read(ref s_used) ? s_current.Value : null;

    internal long Id { get; }

    /// <summary>Gets what tells owners apart across processes.</summary>
    internal string Key => string.Create(CultureInfo.InvariantCulture, $"{ProcessIdentity.Key}/{Id}");

    /// <summary>Names the calling flow of control until the result is disposed.</summary>
    /// <param name="label">For messages, for example <c>job 41</c>; cut at 60 bytes in what other processes see.</param>
    /// <returns>The owner; dispose it in the same method.</returns>
    public static LockOwner Begin(string label)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        Volatile.Write(ref s_used, true);
        LockOwner owner = new(NextId(), label, s_current.Value);
        s_current.Value = owner;
        return owner;
    }

    /// <summary>Ends the naming. What is still held keeps its owner.</summary>
    public void Dispose() => s_current.Value = _former;

    /// <summary>Makes an owner for an acquisition without a name.</summary>
    internal static LockOwner Unnamed()
    {
        long id = NextId();
        return new LockOwner(id, string.Create(CultureInfo.InvariantCulture, $"flow {id}"), null);
    }

    private static long NextId() => Interlocked.Increment(ref s_ids);
}
