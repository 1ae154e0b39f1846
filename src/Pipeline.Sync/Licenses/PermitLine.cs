using System.Diagnostics;

namespace Pipeline.Sync;

/// <summary>The permits of one open semaphore and the lines in front of them: flows of this process first stand in line here, then behind longer waiting
/// processes.</summary>
/// <remarks>
/// Locking rule: <see cref="_line"/> admits one flow of this process at a time to the line of processes; the permits and the board guard themselves.
/// </remarks>
internal sealed class PermitLine : IDisposable
{
    private static readonly TimeSpan s_shortPause = TimeSpan.FromMilliseconds(1); // the resolution of timers

    private readonly CrossProcessSemaphore _semaphore;
    private readonly FifoMutex _line = new();
    private readonly PermitSlots _slots;
    private readonly ProcessQueue _queue; // used by the head of _line only
    private readonly WaiterFile _board;
    private readonly TimeSpan _pollInterval;
    private readonly TimeProvider _clock;
    private TaskCompletionSource? _returnedHere; // Interlocked; set while the head of the line pauses

    public PermitLine(CrossProcessSemaphore semaphore, TimeSpan pollInterval, TimeProvider clock)
    {
        _semaphore = semaphore;
        _pollInterval = pollInterval;
        _clock = clock;
        _slots = new PermitSlots(semaphore.Directory, semaphore.Capacity);
        _queue = new ProcessQueue(semaphore.Directory);
        _board = new WaiterFile(semaphore.Directory);
    }

    /// <summary>One try, not overtaking a flow that waits inside this process.</summary>
    public bool TryEnter(IAcquisition holder, int count, bool isOnlyTry, out object? lease)
    {
        lease = null;
        ObjectDisposedException.ThrowIf(_semaphore.IsDisposed, _semaphore);
        SyncPoint.Before(SyncPointKind.Acquire, _semaphore);
        if (!_line.TryEnter())
            return false;
        try
        {
            // A flow that is ready to wait stands in line behind the other processes; a single try may look past them.
            return (isOnlyTry || !_queue.OthersWait(_board.Slot))
                && (TryTake(holder, count, out lease) || (isOnlyTry && TryTakeAlone(holder, count, out lease)));
        }
        finally
        {
            _line.Exit();
        }
    }

    public async ValueTask<LockGrant> EnterAsync(IAcquisition holder, int count, TimeSpan timeout, CancellationToken cancellationToken)
    {
        while (timeout != TimeSpan.Zero
            && SyncPoint.WaitUntil(SyncPointKind.Acquire, _semaphore, () => _line.IsFree && _slots.HasFree(count)))
        {
            if (TryEnter(holder, count, isOnlyTry: false, out object? lease))
                return LockGrant.Acquired(lease);
        }

        if (timeout == TimeSpan.Zero)
            return LockGrant.TimedOut;
        ParticipantRecord waiter = ParticipantRecord.Of(holder, count, _semaphore.Level, holder.Holding.Since);
        long started = _clock.GetTimestamp();
        try
        {
            _board.Add(waiter);
            if (!await _line.EnterAsync(timeout, _clock, cancellationToken).ConfigureAwait(false))
                return LockGrant.TimedOut;
            try
            {
                return await WaitInLineAsync(holder, count, started, timeout, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _line.Exit();
            }
        }
        finally
        {
            _board.Remove(waiter);
        }
    }

    public void Return(IReadOnlyList<int> permits)
    {
        SyncPoint.Before(SyncPointKind.Release, _semaphore);
        _slots.Return(permits);
        Interlocked.Exchange(ref _returnedHere, null)?.TrySetResult();
    }

    public void Dispose()
    {
        _slots.Dispose();
        _queue.Dispose();
        _board.Dispose();
    }

    /// <summary>Tries once more while no observer looks: an observer holds free permits for a moment and must not make a try fail.</summary>
    private bool TryTakeAlone(IAcquisition holder, int count, out object? lease)
    {
        using FileLock? gate = ObserverLock.Enter(_semaphore.Directory);
        return TryTake(holder, count, out lease);
    }

    private bool TryTake(IAcquisition holder, int count, out object? lease)
    {
        List<int> taken = new(count);
        lease = null;
        try
        {
            if (_slots.TryTake(taken, count, ParticipantRecord.Of(holder, count, _semaphore.Level)))
                lease = new PermitLease(_semaphore, holder, taken);
            return lease is not null;
        }
        finally
        {
            if (lease is null)
                _slots.Return(taken); // not enough, or a lock file that cannot be locked
        }
    }

    /// <summary>Waits as the one flow of this process that may: first behind longer waiting processes, then for permits.</summary>
    private async ValueTask<LockGrant> WaitInLineAsync(
        IAcquisition holder, int count, long started, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ParticipantRecord record = ParticipantRecord.Of(holder, count, _semaphore.Level);
        List<int> taken = new(count);
        int own = _board.Slot;
        long arrival = Stopwatch.GetTimestamp() - (long)(_clock.GetElapsedTime(started).TotalSeconds * Stopwatch.Frequency);
        bool kept = false;
        try
        {
            while (true)
            {
                ObjectDisposedException.ThrowIf(_semaphore.IsDisposed, _semaphore);
                cancellationToken.ThrowIfCancellationRequested();
                TaskCompletionSource returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
                Volatile.Write(ref _returnedHere, returned); // before looking, so that a return in between is not missed
                int ahead = _queue.Look(own, arrival);
                if (ahead == 0 && _slots.TryTake(taken, count, record))
                {
                    kept = true;
                    return LockGrant.Acquired(new PermitLease(_semaphore, holder, taken));
                }

                if (ahead != 0)
                {
                    // Two that gather several permits at the same time could wait for each other; only the first in line keeps a part.
                    _slots.Return(taken);
                    taken.Clear();
                }

                TimeSpan pause = ahead <= _semaphore.Capacity
                    ? s_shortPause
                    : s_shortPause + (Random.Shared.NextDouble() * (_pollInterval - s_shortPause));
                if (timeout != Timeout.InfiniteTimeSpan)
                {
                    TimeSpan left = timeout - _clock.GetElapsedTime(started);
                    if (left <= TimeSpan.Zero)
                        return LockGrant.TimedOut;
                    pause = left < pause ? left : pause;
                }

                await PauseAsync(returned.Task, pause, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _returnedHere, null);
            if (!kept)
                _slots.Return(taken);
            _queue.Leave(own);
        }
    }

    private async ValueTask PauseAsync(Task returned, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await returned.WaitAsync(pause, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The pause is over; look again.
        }
    }
}
