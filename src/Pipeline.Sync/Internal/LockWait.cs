using System.Collections.Concurrent;

namespace Pipeline.Sync;

/// <summary>One wait that is under way: registered while it exists, so that the wait-for graph sees it, and endable by the deadlock watch.</summary>
/// <remarks>Locking: the table is concurrent; <see cref="Deadlock"/> is written before the token is canceled and read after.</remarks>
internal sealed class LockWait : IDisposable
{
    private static readonly ConcurrentDictionary<long, LockWait> s_waits = new();
    private static long s_ids; // Interlocked only

    private readonly CancellationTokenSource _stop;
    private readonly long _id = Interlocked.Increment(ref s_ids);

    public LockWait(HeldLocks holder, ILockable wanted, CancellationToken cancellationToken)
    {
        Holder = holder;
        Wanted = wanted;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Since = TimeProvider.System.GetUtcNow();
        holder.WaitsSince = Since;
        s_waits[_id] = this;
        if (!SyncPoint.IsControlled)
            DeadlockWatch.Wake();
    }

    public static IEnumerable<LockWait> All => s_waits.Values;

    public static bool IsEmpty => s_waits.IsEmpty;

    public HeldLocks Holder { get; }

    public ILockable Wanted { get; }

    public DateTimeOffset Since { get; }

    public CancellationToken Token => _stop.Token;

    public WaitForGraph? Deadlock { get; private set; }

    /// <summary>Ends the wait with an explanation.</summary>
    public void Fail(WaitForGraph graph)
    {
        Deadlock = graph;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The wait ended by itself in the meantime.
        }
    }

    public void Dispose()
    {
        s_waits.TryRemove(_id, out _);
        _stop.Dispose();
    }
}
