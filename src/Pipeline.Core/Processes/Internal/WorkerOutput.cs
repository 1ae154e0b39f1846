using System.Buffers;

namespace Pipeline.Core;

/// <summary>Collects the frames that a worker sends, so that short calls share one write.</summary>
/// <remarks>Locking rule: everything is guarded by <c>_gate</c>; handlers may report progress from any thread.</remarks>
internal sealed class WorkerOutput(WorkerEndpoint endpoint)
{
    private const int FlushAt = 32 * 1024;

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _pending = new(64 * 1024); // guarded by _gate

    internal void Add(FrameHeader header, ReadOnlySpan<byte> payload, bool flush)
    {
        lock (_gate)
        {
            header.Write(_pending.GetSpan(FrameHeader.Size));
            _pending.Advance(FrameHeader.Size);
            _pending.Write(payload);
            if (flush || _pending.WrittenCount >= FlushAt)
                FlushUnsynchronized();
        }
    }

    internal void Flush()
    {
        lock (_gate)
            FlushUnsynchronized();
    }

    private void FlushUnsynchronized()
    {
        // A failed write needs no answer here: the pool is gone, and the reader sees the end of the stream.
        if (_pending.WrittenCount > 0)
            endpoint.Write(_pending.WrittenSpan);
        _pending.ResetWrittenCount();
    }
}
