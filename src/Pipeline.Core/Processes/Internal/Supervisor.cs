using System.Buffers.Binary;
using System.Globalization;

namespace Pipeline.Core;

/// <summary>Assigns calls to workers and settles them. The life of the workers is in the other half of this class.</summary>
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
    private readonly List<PoolFunction> _rehearsed = []; // guarded by _gate: those with a sample
    private readonly PoolCounters _counters = new(); // guarded by _gate
    private bool _closed; // guarded by _gate

    internal ProcessPoolLog Log { get; }

    /// <summary>Gets a value indicating whether no call is under way. Looks without the lock, so it is an estimate.</summary>
    internal bool IsIdle
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

    internal void Submit(PoolCall call)
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

    internal void Cancel(PoolCall call)
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

    /// <summary>Handles an answer. Called by the reading thread of the worker.</summary>
    /// <returns>A call whose result was read and that the reading thread completes, as the last thing before it reads on; null for none.</returns>
    internal PoolCall? OnFrame(WorkerProcess worker, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.CallId == Rehearsal.CallId)
            return null;
        if (header.Type is FrameType.Result or FrameType.Failure)
            return OnAnswer(worker, header, payload);
        if (header.Type == FrameType.Rent)
            OnRent(worker, header, payload);
        else
            OnMessage(worker, header, payload);
        return null;
    }

    private PoolCall? OnAnswer(WorkerProcess worker, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        // Whatever cannot be read must show before the call leaves the worker's table: then it is settled with the broken connection.
        WorkerFunctionException? failure = header.Type == FrameType.Failure ? RemoteError.Read(payload, FunctionName(worker, header.CallId)) : null;
        PoolCall? call;
        PoolDispatch? first = null;
        List<PoolDispatch>? more = null;
        WorkerProcess? replaced;
        List<WorkerProcess>? rehearsing = null;
        StartsDue start = default;
        lock (_gate)
        {
            call = worker.FindUnsynchronized(header.CallId);
            if (call is not null)
            {
                if (call.Function.Sample is null && header.Type == FrameType.Result)
                    rehearsing = TakeSampleUnsynchronized(call, payload);
                worker.RemoveUnsynchronized(call);
                call.IsEnded = true;
                _counters.CountEnd(header.Type);
                _counters.PayloadBytes += payload.Length;
            }

            worker.NoteAnswerUnsynchronized(header);
            MarkForRecyclingUnsynchronized(worker);
            replaced = TryReplaceUnsynchronized(worker, out WorkerProcess current);
            FillUnsynchronized(current, ref first, ref more);
            if (replaced is not null || worker.RetireReason is not null)
                start = StartsDueUnsynchronized();
        }

        // The worker gets its next call before this one's continuation competes for the processor.
        Send(first);
        SendAll(more);
        PoolCall? completed = call is not null && TryRead(call, header, payload, failure) ? call : null;
        if (completed is { ContinuesInline: false })
            completed.SetResult();
        if (replaced is not null)
            Dismiss(replaced);
        StartWorkers(start);
        foreach (WorkerProcess spare in rehearsing ?? [])
            spare.Rehearse([call!.Function]);
        return completed is { ContinuesInline: true } ? completed : null;
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

    private string FunctionName(WorkerProcess worker, ulong callId)
    {
        lock (_gate)
            return worker.FindUnsynchronized(callId)?.Function.Name ?? "unknown";
    }

    /// <returns>Whether there is a result; otherwise the call has failed.</returns>
    private static bool TryRead(PoolCall call, in FrameHeader header, ReadOnlySpan<byte> payload, WorkerFunctionException? failure)
    {
        call.Function.Continuations.NoteHandler(header.Microseconds);
        if (failure is null)
            return call.TryReadResult(payload);
        call.SetException(failure);
        return false;
    }

    private void OnMessage(WorkerProcess worker, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        PoolCall? call;
        lock (_gate)
            call = worker.FindUnsynchronized(header.CallId);
        if (header.Type != FrameType.Progress || call?.Progress is not IProgress<WorkerProgress> progress)
            return;
        string?[] parts = WireStrings.Read(payload);
        double fraction = 0;
        if (parts is not [var text, var message] || (text is not null && !double.TryParse(text, CultureInfo.InvariantCulture, out fraction)))
            throw new InvalidDataException($"A progress frame of {payload.Length} bytes cannot be read.");
        try
        {
            progress.Report(new WorkerProgress(text is null ? null : fraction, message));
        }
        catch (Exception error)
        {
            Log.ProgressFailed(error, call.Item ?? call.Function.Name); // it is the caller's code; the connection serves other calls too
        }
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

    /// <summary>Keeps the first small call of a function for rehearsals.</summary>
    /// <returns>The spares that rehearse it now.</returns>
    private List<WorkerProcess>? TakeSampleUnsynchronized(PoolCall call, ReadOnlySpan<byte> result)
    {
        if (_rehearsed.Count >= Rehearsal.MaxFunctions || call.Buffers.AreUsed || Rehearsal.TryMake(call.Payload, result) is not byte[] sample)
            return null;
        call.Function.Sample = sample;
        _rehearsed.Add(call.Function);
        return [.. _spares];
    }

    /// <summary>Rents memory for a handler. Called by the reading thread of its worker, which sends nothing else until it has the answer.</summary>
    private void OnRent(WorkerProcess worker, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        SharedSegment? segment = null;
        string? problem = null;
        if (payload.Length != sizeof(long) || Buffers is null)
            throw new InvalidDataException($"A request for shared memory of {payload.Length} bytes cannot be read.");
        try
        {
            segment = Buffers.RentSegment(BinaryPrimitives.ReadInt64LittleEndian(payload));
        }
        catch (Exception error) when (error is SharedMemoryException or ArgumentException or ObjectDisposedException)
        {
            problem = error.Message;
        }

        byte[] answer = WireStrings.Write(segment?.Offset.ToString(CultureInfo.InvariantCulture), problem);
        if (segment is not null)
        {
            lock (_gate)
            {
                if (worker.FindUnsynchronized(header.CallId) is PoolCall call)
                {
                    call.Buffers.AddRented(segment);
                    segment = null;
                }
            }
        }

        segment?.Release(); // the call ended meanwhile: its worker is about to be killed
        worker.Write(new FrameHeader(answer.Length, FrameType.Rented, 0, 0, header.CallId), answer);
    }

    private void RequeueUnsynchronized(PoolCall call)
    {
        call.IsSuspect = false;
        call.DeadlineTimer?.Dispose();
        call.DeadlineTimer = null;
        _queue.AddFirst(call);
    }
}
