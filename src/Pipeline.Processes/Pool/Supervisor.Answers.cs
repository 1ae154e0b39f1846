using System.Buffers.Binary;
using System.Globalization;

namespace Pipeline.Processes;

/// <summary>What workers send: results and failures, progress, requests for memory.</summary>
internal sealed partial class Supervisor
{
    private readonly List<PoolFunction> _rehearsed = []; // guarded by _gate: those with a sample

    /// <summary>Handles an answer. Called by the reading thread of the worker.</summary>
    /// <returns>A call whose result was read and that the reading thread completes, as the last thing before it reads on; null for none.</returns>
    public PoolCall? OnFrame(WorkerProcess worker, in FrameHeader header, ReadOnlySpan<byte> payload)
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
}
