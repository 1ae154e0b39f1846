using System.Buffers.Binary;

namespace Pipeline.Processes;

/// <summary>What a worker reads: the next frame for its main thread, and the answer to a handler that asks for shared memory.</summary>
/// <remarks>
/// Locking rule: <c>_gate</c> guards the early frames, the end of a call, and the reader while a handler runs. Between calls only the main thread reads, and
/// needs no lock: no handler runs that could ask.
/// </remarks>
internal sealed class WorkerInput(WorkerEndpoint endpoint, WorkerOutput output) : IDisposable
{
    private readonly FrameReader _reader = new(endpoint.Read);
    private readonly Lock _gate = new();
    private Queue<EarlyFrame>? _early; // guarded by _gate: came while a handler waited for memory
    private volatile bool _isCallRunning; // cleared under _gate

    /// <summary>Gets or sets the shared memory. Written once, before the first call; null where there is none.</summary>
    public WorkerBuffers? Buffers { get; set; }

    /// <summary>Gets a value indicating whether a handler is running.</summary>
    public bool IsCallRunning => _isCallRunning;

    /// <summary>Gets a value indicating whether the next frame is here already.</summary>
    public bool HasFrame => _early is { Count: > 0 } || _reader.HasFrame;

    public void BeginCall() => _isCallRunning = true;

    public void EndCall()
    {
        lock (_gate)
            _isCallRunning = false;
    }

    /// <summary>Reads the next frame: those that came early first. Only the main thread, between calls.</summary>
    public bool TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        if (_early is null || !_early.TryDequeue(out EarlyFrame? early))
            return _reader.TryRead(out header, out payload);
        header = early.Header;
        payload = early.Payload;
        return true;
    }

    /// <summary>Asks the pool for shared memory. Any thread of the running handler may; the main thread reads nothing meanwhile.</summary>
    public SharedBuffer Rent(ulong callId, int bytes)
    {
        WorkerBuffers buffers = Buffers
            ?? throw new PlatformNotSupportedException("Shared buffers need Linux. On this system write a file and return its path.");
        lock (_gate)
        {
            if (!_isCallRunning)
                throw new InvalidOperationException(
                    "A shared buffer was asked for after its call had ended. Rent it before the handler returns.");
            Span<byte> request = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(request, bytes);
            output.Add(new FrameHeader(request.Length, FrameType.Rent, 0, 0, callId), request, flush: true);

            // Calls that the pool sent ahead may come before its answer; the main thread takes them later.
            while (_reader.TryRead(out FrameHeader header, out ReadOnlySpan<byte> payload))
            {
                if (header.Type == FrameType.Rented)
                    return buffers.Rented(WireStrings.Read(payload), bytes);
                (_early ??= new Queue<EarlyFrame>()).Enqueue(new EarlyFrame(header, payload.ToArray()));
            }
        }

        throw new IOException("The pool is gone."); // and so is this process, in a moment
    }

    public void Dispose()
    {
        _reader.Dispose();
        Buffers?.Dispose();
    }

    private sealed record EarlyFrame(FrameHeader Header, byte[] Payload);
}
