namespace Pipeline.Processes;

/// <summary>The sending side of a connection to a worker: definitions before calls, one frame at a time.</summary>
/// <remarks>
/// Locking rule: <c>_gate</c> guards what was defined and the order of frames. No other lock is taken while it is held, and it is never taken under the
/// supervisor's: a write may wait for the worker.
/// </remarks>
/// <param name="connection">The connection.</param>
/// <param name="pollMicroseconds">How long both sides look for the next message of a lone short call before they sleep.</param>
internal sealed class RequestSender(WorkerConnection connection, float pollMicroseconds)
{
    /// <summary>What may be on its way to a busy worker; less than a pipe holds, so that sending never waits.</summary>
    public const int PrefetchBytes = 24 * 1024;

    private readonly Lock _gate = new();
    private bool[] _isDefined = new bool[8]; // guarded by _gate; by number of the function

    /// <summary>Sends a call that was assigned.</summary>
    public void Send(in PoolDispatch dispatch)
    {
        if (dispatch.Call.Payload.Length > PrefetchBytes)
        {
            // The pipe does not hold it, so this waits for the worker; neither a caller nor a reading thread should.
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Worker.Sender.Write(state), dispatch, preferLocal: false);
            return;
        }

        Write(dispatch);
    }

    /// <summary>Lets an idle worker rehearse functions.</summary>
    public void Rehearse(IEnumerable<PoolFunction> functions)
    {
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        lock (_gate)
        {
            foreach (PoolFunction function in functions)
            {
                DefineUnsynchronized(function);
                new FrameHeader(function.Sample!.Length, FrameType.Rehearse, 0, function.Number, Rehearsal.CallId).Write(head);
                connection.Write(head, function.Sample);
            }
        }
    }

    public void Write(FrameType type, ulong callId, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        new FrameHeader(payload.Length, type, 0, 0, callId).Write(head);
        lock (_gate)
            connection.Write(head, payload);
    }

    private void Write(in PoolDispatch dispatch)
    {
        PoolFunction function = dispatch.Call.Function;
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        lock (_gate)
        {
            DefineUnsynchronized(function);
            byte[] payload = dispatch.Call.Payload;
            float poll = dispatch.Call.ContinuesInline ? pollMicroseconds : 0;
            connection.SetPoll(poll); // before the write: the answer may come at once
            new FrameHeader(
                payload.Length, FrameType.Call, (byte)Math.Min(dispatch.Attempt, 255), function.Number, dispatch.Id, poll).Write(head);
            connection.Write(head, payload);
        }
    }

    /// <summary>Tells the worker about a function before it is used first.</summary>
    private void DefineUnsynchronized(PoolFunction function)
    {
        System.Diagnostics.Debug.Assert(_gate.IsHeldByCurrentThread, "The sender's lock is not held.");
        if (function.Number >= _isDefined.Length)
            Array.Resize(ref _isDefined, function.Number + 8);
        if (_isDefined[function.Number])
            return;
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        new FrameHeader(function.Definition.Length, FrameType.Define, 0, function.Number, 0).Write(head);
        connection.Write(head, function.Definition);
        _isDefined[function.Number] = true;
    }
}
