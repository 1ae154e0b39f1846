using System.Diagnostics;

namespace Pipeline.Sync;

/// <summary>Admission of readers and writers, first come, first served: readers that stand together in line enter together.</summary>
/// <remarks>
/// Locking rule: everything under <see cref="_gate"/>; tasks are completed outside it. A reader does not overtake a waiting writer, so no writer starves; the
/// same flow must therefore not ask twice, which the lock order sees to.
/// </remarks>
[DebuggerDisplay("{_readers.Count} readers, writer {_writer}, {_waiters.Count} waiting")]
internal sealed class FifoReaderWriterLine
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = new(); // guarded by _gate
    private readonly List<IAcquisition> _readers = []; // guarded by _gate
    private IAcquisition? _writer; // guarded by _gate

    public bool CanEnter(bool write)
    {
        lock (_gate)
            return CanEnterUnsynchronized(write);
    }

    public bool TryEnter(IAcquisition holder, bool write)
    {
        lock (_gate)
        {
            if (!CanEnterUnsynchronized(write))
                return false;
            AdmitUnsynchronized(holder, write);
            return true;
        }
    }

    public async ValueTask<bool> EnterAsync(
        IAcquisition holder, bool write, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter = new(holder, write);
        lock (_gate)
        {
            if (CanEnterUnsynchronized(write))
            {
                AdmitUnsynchronized(holder, write);
                return true;
            }

            if (timeout == TimeSpan.Zero)
                return false;
            waiter.Node = _waiters.AddLast(waiter);
        }

        using CancellationTokenRegistration canceled = cancellationToken.UnsafeRegister(
            (state, token) => Leave((Waiter)state!, w => w.Outcome.TrySetCanceled(token)), waiter);
        using ITimer? timer = timeout == Timeout.InfiniteTimeSpan
            ? null
            : clock.CreateTimer(state => Leave((Waiter)state!, w => w.Outcome.TrySetResult(false)),
                waiter, timeout, Timeout.InfiniteTimeSpan);
        return await waiter.Outcome.Task.ConfigureAwait(false);
    }

    public void Exit(IAcquisition holder, bool write)
    {
        List<Waiter> admitted;
        lock (_gate)
        {
            if (write)
                _writer = null;
            else
                _readers.Remove(holder);
            admitted = AdmitNextUnsynchronized();
            AssertInvariants();
        }

        foreach (Waiter waiter in admitted)
            waiter.Outcome.SetResult(true);
    }

    public List<(IAcquisition Holder, bool Write)> Holders()
    {
        lock (_gate)
            return _writer is { } writer ? [(writer, true)] : [.. _readers.Select(reader => (reader, false))];
    }

    /// <summary>Checks that a writer is alone and that no waiter was forgotten.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_writer is null || _readers.Count == 0, "a writer excludes readers");
        Debug.Assert(_waiters.First is not { } first || !IsFreeForUnsynchronized(first.Value.Write), "the first waiter cannot enter");
    }

    private bool CanEnterUnsynchronized(bool write)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        return _waiters.Count == 0 && IsFreeForUnsynchronized(write);
    }

    private bool IsFreeForUnsynchronized(bool write)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        return _writer is null && (!write || _readers.Count == 0);
    }

    private void AdmitUnsynchronized(IAcquisition holder, bool write)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        if (write)
            _writer = holder;
        else
            _readers.Add(holder);
    }

    private List<Waiter> AdmitNextUnsynchronized()
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        List<Waiter> admitted = new();
        while (_waiters.First?.Value is { } next && IsFreeForUnsynchronized(next.Write))
        {
            _waiters.RemoveFirst();
            next.Node = null;
            AdmitUnsynchronized(next.Holder, next.Write);
            admitted.Add(next);
        }

        return admitted;
    }

    private void Leave(Waiter waiter, Action<Waiter> complete)
    {
        List<Waiter> admitted;
        lock (_gate)
        {
            if (waiter.Node is null)
                return; // admitted first
            _waiters.Remove(waiter.Node);
            waiter.Node = null;
            admitted = AdmitNextUnsynchronized(); // readers behind a writer that gave up
            AssertInvariants();
        }

        complete(waiter);
        foreach (Waiter next in admitted)
            next.Outcome.SetResult(true);
    }

    private sealed class Waiter(IAcquisition holder, bool write)
    {
        public IAcquisition Holder { get; } = holder;

        public bool Write { get; } = write;

        public TaskCompletionSource<bool> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Node { get; set; } // guarded by _gate of the line; null once the outcome is decided
    }
}
