namespace Pipeline.Processes;

/// <summary>
/// Collects the frames that a worker sends, so that short calls share one write. What is collected leaves at the latest with the next tick: the call that
/// follows may run for hours.
/// </summary>
/// <remarks>Locking rule: everything is guarded by <c>_gate</c>; handlers may report progress from any thread.</remarks>
internal sealed class WorkerOutput : IDisposable
{
    private const int FlushAt = 32 * 1024;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);

    private readonly WorkerEndpoint _endpoint;
    private readonly Lock _gate = new();
    private byte[] _pending = new byte[64 * 1024]; // guarded by _gate; grows with the largest frame
    private int _count; // guarded by _gate: bytes in _pending
    private Timer? _timer; // guarded by _gate; made when it is needed: the first answer of a worker does not wait for it
    private bool _isTicking; // guarded by _gate
    private bool _isClosed; // guarded by _gate

    public WorkerOutput(WorkerEndpoint endpoint) => _endpoint = endpoint;

    /// <summary>Ends the writing. A thread of a handler may go on to report, but the page that says how much was written is not mapped any more then.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _timer?.Dispose();
        }
    }

    public void Add(FrameHeader header, ReadOnlySpan<byte> payload, bool flush)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            int end = _count + FrameHeader.Size + payload.Length;
            if (end > _pending.Length)
                Array.Resize(ref _pending, Math.Max(end, (int)Math.Min(2L * _pending.Length, Array.MaxLength)));
            header.Write(_pending.AsSpan(_count));
            payload.CopyTo(_pending.AsSpan(_count + FrameHeader.Size));
            _count = end;
            if (flush || _count >= FlushAt)
            {
                FlushUnsynchronized();
            }
            else if (!_isTicking)
            {
                _isTicking = true;
                _timer ??= new Timer(_ => OnTick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(s_tick, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Flush()
    {
        lock (_gate)
            FlushUnsynchronized();
    }

    private void OnTick()
    {
        lock (_gate)
        {
            _isTicking = false;
            FlushUnsynchronized();
        }
    }

    private void FlushUnsynchronized()
    {
        System.Diagnostics.Debug.Assert(_gate.IsHeldByCurrentThread, "The lock of the output is not held.");
        // A failed write needs no answer here: the pool is gone, and the reader sees the end of the stream.
        if (_count > 0 && !_isClosed)
            _endpoint.Write(_pending.AsSpan(0, _count));
        _count = 0;
    }
}
