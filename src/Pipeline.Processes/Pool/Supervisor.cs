namespace Pipeline.Processes;

/// <summary>Assigns calls to workers and settles them. This file has their way to a worker; the others have the answers, what takes too long, and the life of the workers.</summary>
/// <remarks>
/// Locking rule: <c>_gate</c> guards the queue, the slots, the spares, and everything that <see cref="PoolCall"/> and <see cref="WorkerProcess"/> say is the supervisor's. Nothing is
/// sent, completed, killed or logged while it is held. A method that ends in <c>Unsynchronized</c> is called with the lock held.
/// <para>
/// Each call is in exactly one place: in the queue, in the table of one worker, among the suspects of a worker that has died, or ended. Whoever
/// moves it to "ended", under the lock, completes it, outside of it; so it ends exactly once.
/// </para>
/// </remarks>
internal sealed partial class Supervisor
{
    private readonly Lock _gate = new();
    private readonly ProcessPoolOptions _options;
    private readonly CallQueue _queue = new();
    private readonly WorkerSlot[] _slots;
    private readonly PoolCounters _counters = new(); // guarded by _gate
    private bool _closed; // guarded by _gate

    public ProcessPoolLog Log { get; }

    /// <summary>Gets a value indicating whether no call is under way. Looks without the lock, so it is an estimate.</summary>
    public bool IsIdle
    {
        get
        {
            foreach (WorkerSlot slot in _slots)
            {
                if (slot.Worker is { Count: > 0 })
                    return false;
            }

            return _queue.Count == 0;
        }
    }

    public void Submit(PoolCall call)
    {
        PoolDispatch? dispatch = null;
        StartsDue start = default;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(ProcessPool));
            if (call.IsEnded)
                return; // canceled before it came here
            _counters.Submitted++;
            WorkerProcess? worker = _queue.Count == 0 ? PickUnsynchronized(call) : null;
            if (worker is not null)
            {
                dispatch = AssignUnsynchronized(worker, call);
            }
            else
            {
                _queue.AddLast(call);
                start = StartsDueUnsynchronized();
            }
        }

        Send(dispatch);
        StartWorkers(start);
    }

    public void Cancel(PoolCall call)
    {
        WorkerProcess? toKill = null;
        lock (_gate)
        {
            if (call.IsEnded || call.PendingEnd != PoolCall.Ending.None)
                return;
            if (call.IsQueued)
                _queue.Remove(call);
            if (call.Worker is WorkerProcess worker && !worker.TryRevokeUnsynchronized(call))
            {
                call.PendingEnd = PoolCall.Ending.Canceled;
                toKill = worker;
            }
            else if (call.IsSuspect)
            {
                call.PendingEnd = PoolCall.Ending.Canceled;
                return; // its worker is dead; the verdict comes as a cancellation
            }
            else
            {
                call.IsEnded = true;
                _counters.Canceled++;
            }
        }

        if (toKill is null)
            call.SetCanceled();
        else
            Kill(toKill, "its call was canceled");
    }

    private static void Send(PoolDispatch? dispatch)
    {
        if (dispatch is PoolDispatch one)
            one.Worker.Send(one);
    }

    private static void SendAll(List<PoolDispatch>? dispatches)
    {
        if (dispatches is null)
            return;
        foreach (PoolDispatch dispatch in dispatches)
            dispatch.Worker.Send(dispatch);
    }

    /// <summary>An idle worker, or the least busy one that may get calls ahead.</summary>
    private WorkerProcess? PickUnsynchronized(PoolCall call)
    {
        WorkerProcess? best = null;
        int least = int.MaxValue;
        foreach (WorkerSlot slot in _slots)
        {
            if (slot.Worker is not WorkerProcess worker)
                continue;
            if (worker.Count == 0 && worker.HasRoomUnsynchronized(call))
                return worker;
            if (worker.Count < least && worker.HasRoomUnsynchronized(call))
            {
                best = worker;
                least = worker.Count;
            }
        }

        return best;
    }

    private PoolDispatch AssignUnsynchronized(WorkerProcess worker, PoolCall call)
    {
        worker.AssignUnsynchronized(call);
        _counters.PayloadBytes += call.Payload.Length;
        if (call.Deadline is TimeSpan deadline)
            ArmDeadlineUnsynchronized(call, deadline);
        return new PoolDispatch(worker, call, call.Id, call.Attempts);
    }

    private void FillUnsynchronized(WorkerProcess worker, ref PoolDispatch? first, ref List<PoolDispatch>? more)
    {
        if (worker.Slot is null || worker.State != WorkerState.Ready)
            return;
        while (_queue.First is PoolCall call && worker.HasRoomUnsynchronized(call))
        {
            _queue.Remove(call);
            PoolDispatch dispatch = AssignUnsynchronized(worker, call);
            if (first is null)
                first = dispatch;
            else
                (more ??= []).Add(dispatch);
        }

        if (worker.Count == 0)
            WatchForStealingUnsynchronized();
    }

    /// <summary>Gives the waiting calls to all workers with room.</summary>
    private List<PoolDispatch>? FillAllUnsynchronized()
    {
        PoolDispatch? first = null;
        List<PoolDispatch>? all = null;
        foreach (WorkerSlot slot in _slots)
        {
            if (slot.Worker is WorkerProcess worker)
                FillUnsynchronized(worker, ref first, ref all);
        }

        if (first is PoolDispatch one)
            (all ??= []).Insert(0, one);
        return all;
    }

    private void RequeueUnsynchronized(PoolCall call)
    {
        call.IsSuspect = false;
        call.DeadlineTimer?.Dispose();
        call.DeadlineTimer = null;
        _queue.AddFirst(call);
    }
}
