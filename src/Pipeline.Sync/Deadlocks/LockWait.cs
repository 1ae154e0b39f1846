using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pipeline.Sync;

/// <summary>One wait that is under way: registered while it exists, so that the wait-for graph sees it, and endable by the deadlock watch.</summary>
/// <remarks>Locking: the table is concurrent; <see cref="Deadlock"/> is written before the token is canceled and read after.</remarks>
[DebuggerDisplay("wait {Id} for {Target.Name} since {Since}")]
internal sealed class LockWait : IDisposable
{
    private static readonly ConcurrentDictionary<long, LockWait> s_waits = new();
    private static long s_ids; // Interlocked only

    private readonly CancellationTokenSource _stop;

    public LockWait(IAcquisition holder, WaitTarget target, DateTimeOffset since, CancellationToken cancellationToken)
    {
        (Holder, Target, Since) = (holder, target, since);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        s_waits[Id] = this;
    }

    public static IEnumerable<LockWait> All => s_waits.Values;

    public static bool IsEmpty => s_waits.IsEmpty;

    /// <summary>Gets the number of this wait in this process, from 1.</summary>
    public long Id { get; } = Interlocked.Increment(ref s_ids);

    public IAcquisition Holder { get; }

    public WaitTarget Target { get; }

    public DateTimeOffset Since { get; }

    public CancellationToken Token => _stop.Token;

    public WaitForGraph? Deadlock { get; private set; }

    /// <summary>Ends a wait with an explanation; a wait of another process (0) or one that has ended is left alone.</summary>
    public static void Fail(long id, WaitForGraph graph)
    {
        if (s_waits.TryGetValue(id, out LockWait? wait))
            wait.Fail(graph);
    }

    public void Dispose()
    {
        s_waits.TryRemove(Id, out _);
        _stop.Dispose();
    }

    private void Fail(WaitForGraph graph)
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
}
