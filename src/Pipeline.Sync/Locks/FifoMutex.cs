using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Pipeline.Sync;

/// <summary>The waiting line behind the exclusive locks: first come, first served; cancellation and time-out leave the line without a trace.</summary>
/// <remarks>
/// Locking rule: <see cref="_state"/> goes from Free to Owned by compare-and-swap without a lock (the fast path), and back the same way. Every other change,
/// and the list of waiters, happens under <see cref="_gate"/>. State Contended forces the owner's exit through the gate. The thread that removes a waiter from
/// the list under the gate decides its outcome; tasks are completed outside the gate. Ownership is handed to the first waiter directly: while a flow waits,
/// none can overtake.
/// </remarks>
[DebuggerDisplay("state {_state}, {_waiters.Count} waiting")]
internal sealed class FifoMutex
{
    private const int Free = 0;
    private const int Owned = 1;
    private const int Contended = 2;

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = new(); // guarded by _gate
    private int _state; // Interlocked; see the locking rule

    public bool IsFree => Volatile.Read(ref _state) == Free;

    public bool TryEnter() => Interlocked.CompareExchange(ref _state, Owned, Free) == Free;

    /// <summary>Waits in line.</summary>
    /// <returns>False when the time was over.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled first.</exception>
    public ValueTask<bool> EnterAsync(TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(cancellationToken);
        Waiter waiter;
        lock (_gate)
        {
            if (Interlocked.Exchange(ref _state, Contended) == Free)
            {
                Volatile.Write(ref _state, _waiters.Count == 0 ? Owned : Contended);
                return new(true);
            }

            if (timeout == TimeSpan.Zero)
                return new(false); // state stays Contended: the owner's exit finds an empty line and frees the lock
            waiter = new Waiter();
            waiter.Node = _waiters.AddLast(waiter);
            AssertInvariants();
        }

        return WaitAsync(waiter, timeout, clock, cancellationToken);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit()
    {
        if (Interlocked.CompareExchange(ref _state, Free, Owned) != Owned)
            HandOver();
    }

    /// <summary>Checks that the owner's exit cannot pass a waiter by: every waiter makes the lock contended.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        Debug.Assert(_waiters.Count == 0 || Volatile.Read(ref _state) == Contended, "a lock with waiters is contended");
    }

    private void HandOver()
    {
        Waiter? next;
        lock (_gate)
        {
            next = _waiters.First?.Value;
            if (next is null)
            {
                Volatile.Write(ref _state, Free);
                return;
            }

            _waiters.RemoveFirst();
            next.Node = null;
            if (_waiters.Count == 0)
                Volatile.Write(ref _state, Owned);
            AssertInvariants();
        }

        next.Outcome.SetResult(true);
    }

    private async ValueTask<bool> WaitAsync(Waiter waiter, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration canceled = cancellationToken.UnsafeRegister(
            (state, token) => Leave((Waiter)state!, w => w.Outcome.TrySetCanceled(token)), waiter);
        using ITimer? timer = timeout == Timeout.InfiniteTimeSpan
            ? null
            : clock.CreateTimer(state => Leave((Waiter)state!, w => w.Outcome.TrySetResult(false)),
                waiter, timeout, Timeout.InfiniteTimeSpan);
        return await waiter.Outcome.Task.ConfigureAwait(false);
    }

    private void Leave(Waiter waiter, Action<Waiter> complete)
    {
        lock (_gate)
        {
            if (waiter.Node is null)
                return; // the lock was handed over first
            _waiters.Remove(waiter.Node);
            waiter.Node = null;
        }

        complete(waiter);
    }

    private sealed class Waiter
    {
        public TaskCompletionSource<bool> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Node { get; set; } // guarded by _gate of the mutex; null once the outcome is decided
    }
}
