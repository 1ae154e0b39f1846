using System.Diagnostics;
using System.Numerics;

namespace Pipeline.Processes;

/// <summary>Rents out <see cref="SharedBuffer"/>s and keeps their memory for the next ones. Linux.</summary>
/// <remarks>
/// Thread-safe. The memory has no name in any folder: the kernel frees it when the last process that has it is gone, even by SIGKILL. It does not come out of
/// <c>/dev/shm</c>, so the size of that does not matter; what counts is the memory limit of the machine or container, which is checked before memory is taken.
/// All workers of the process pools that share a pool of buffers can read and write all of them.
/// <para>Locking rule: <c>_gate</c> guards the fields below it; no system call is made while it is held.</para>
/// </remarks>
public sealed unsafe class SharedBufferPool : IDisposable
{
    // Address space costs nothing, and with four times as much as may be used, gaps between buffers never keep one out.
    private const int AddressSpacePerByte = 4;

    private readonly SharedBufferPoolOptions _options;
    private readonly SharedArena _arena;
    private readonly Lock _gate = new();
    private readonly SegmentRanges _ranges; // guarded by _gate
    private readonly List<SharedSegment> _idle = []; // guarded by _gate; the longest idle one first
    private long _idleBytes; // guarded by _gate
    private long _usedBytes; // guarded by _gate
    private long _peakBytes; // guarded by _gate
    private int _discarding; // guarded by _gate: segments on their way back to the system
    private int _users; // guarded by _gate: process pools whose workers get the arena
    private bool _isDisposed; // guarded by _gate
    private bool _isClosed; // guarded by _gate: the arena is gone
    private long _copied; // Interlocked only

    /// <summary>Initializes a new instance of the <see cref="SharedBufferPool"/> class. Takes no memory yet.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public SharedBufferPool(SharedBufferPoolOptions? options = null)
    {
        _options = (options ?? new SharedBufferPoolOptions()).CheckAndCopy();
        long space = RoundUp(_options.MaxBytes) * AddressSpacePerByte;
        _arena = SharedArena.Create(space);
        _ranges = new SegmentRanges(space);
    }

    internal int Descriptor => _arena.Descriptor;

    internal long AddressSpaceBytes => _arena.Bytes;

    /// <summary>Rents a buffer.</summary>
    /// <param name="bytes">Its size: 1 to 2,147,483,647 bytes.</param>
    /// <returns>A buffer with undefined content; dispose it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    /// <exception cref="SharedMemoryException">There is no room; the message names the limit.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public SharedBuffer Rent(int bytes) => new(RentSegment(bytes), bytes);

    /// <summary>Rents a buffer and copies bytes into it. What can be written in place should be: <see cref="Rent"/>.</summary>
    /// <param name="source">The bytes; at least one.</param>
    /// <returns>A buffer of that size; dispose it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no bytes.</exception>
    /// <exception cref="SharedMemoryException">There is no room; the message names the limit.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public SharedBuffer CopyOf(ReadOnlySpan<byte> source)
    {
        SharedBuffer buffer = Rent(source.Length);
        source.CopyTo(buffer.Span);
        Interlocked.Add(ref _copied, source.Length);
        return buffer;
    }

    /// <summary>Tells how much memory is used.</summary>
    /// <returns>The numbers of this moment.</returns>
    public SharedBufferUsage Snapshot()
    {
        lock (_gate)
            return new SharedBufferUsage(_usedBytes, _idleBytes, _peakBytes, Interlocked.Read(ref _copied));
    }

    /// <summary>Gives all idle memory back to the system.</summary>
    public void Trim()
    {
        List<SharedSegment> idle;
        lock (_gate)
            idle = TakeIdleUnsynchronized(_idleBytes);
        Discard(idle);
    }

    /// <summary>Ends the pool. Buffers that are still rented stay valid until they are disposed; then nothing is left.</summary>
    public void Dispose()
    {
        lock (_gate)
            _isDisposed = true;
        Trim();
        CloseIfUnused();
    }

    /// <summary>A process pool begins to give the arena to its workers.</summary>
    internal void Attach()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _users++;
        }
    }

    internal void Detach()
    {
        lock (_gate)
            _users--;
        CloseIfUnused();
    }

    internal SharedSegment RentSegment(long bytes)
    {
        if (bytes is < 1 or > int.MaxValue)
            throw new ArgumentOutOfRangeException(
                nameof(bytes), bytes, $"A shared buffer of {bytes} bytes was asked for. Its size must be 1 to 2,147,483,647 bytes.");
        long capacity = RoundUp(bytes);
        SharedSegment? reused;
        long offset = -1;
        List<SharedSegment> evicted = [];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            reused = ReuseUnsynchronized(capacity);
            if (reused is null)
            {
                if (_usedBytes + capacity > _options.MaxBytes)
                    throw Full(bytes);
                evicted = TakeIdleUnsynchronized(_usedBytes + _idleBytes + capacity - _options.MaxBytes);
            }

            capacity = reused?.Capacity ?? capacity;
            _usedBytes += capacity;
            _peakBytes = Math.Max(_peakBytes, _usedBytes);
        }

        if (reused is not null)
            return reused.Revive();
        Discard(evicted);
        lock (_gate)
            offset = _ranges.Take(capacity);
        string? problem = offset < 0 ? $"no {capacity} bytes in a row are free among the rented buffers" : Commit(offset, capacity);
        if (problem is null)
            return new SharedSegment(this, _arena.At(offset), offset, capacity).Revive();
        lock (_gate)
        {
            _usedBytes -= capacity;
            if (offset >= 0)
                _ranges.GiveBack(offset, capacity);
        }

        CloseIfUnused();
        throw new SharedMemoryException($"A shared buffer of {bytes} bytes was refused: {problem}");
    }

    internal void TakeBack(SharedSegment segment)
    {
        List<SharedSegment> evicted;
        lock (_gate)
        {
            _usedBytes -= segment.Capacity;
            _idleBytes += segment.Capacity;
            _idle.Add(segment);
            evicted = TakeIdleUnsynchronized(_isDisposed ? _idleBytes : _idleBytes - _options.MaxIdleBytes);
        }

        Discard(evicted);
        CloseIfUnused();
    }

    /// <summary>Rounds up to an eighth of the next power of two, so that photos of nearly one size fit into each other's memory.</summary>
    private static long RoundUp(long bytes)
    {
        long step = Math.Max(SharedArena.Granularity, (long)BitOperations.RoundUpToPowerOf2((ulong)bytes) / 16);
        return (bytes + step - 1) / step * step;
    }

    private string? Commit(long offset, long capacity)
    {
        (long free, string source) = FreeMemory.Read();
        if (capacity > free - _options.ReservedBytes)
        {
            Trim();
            (free, source) = FreeMemory.Read();
        }

        const string Advice = "Lower RunOptions.MemoryBudgetBytes or the number of workers, or give the machine or container more "
            + "memory (docker run --memory); the size of /dev/shm does not matter.";
        if (capacity > free - _options.ReservedBytes)
        {
            return $"{source} has {free >> 20} MiB free, of which SharedBufferPoolOptions.ReservedBytes keeps "
                + $"{_options.ReservedBytes >> 20} MiB. {Advice}";
        }

        return _arena.TryCommit(offset, capacity) is { } reason ? $"the system says '{reason}' ({free >> 20} MiB free). {Advice}" : null;
    }

    private SharedMemoryException Full(long bytes) => new(
        $"A shared buffer of {bytes} bytes was refused: {_usedBytes} bytes are in use and SharedBufferPoolOptions.MaxBytes allows "
            + $"{_options.MaxBytes}. "
        + "Dispose buffers, bound a run with RunOptions.MemoryBudgetBytes, or raise MaxBytes.");

    /// <summary>Takes the idle segment that fits best, if it wastes at most a quarter.</summary>
    private SharedSegment? ReuseUnsynchronized(long capacity)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "The lock of the buffers is not held.");
        int best = -1;
        for (int i = _idle.Count - 1; i >= 0; i--)
        {
            long has = _idle[i].Capacity;
            if (has >= capacity
                && has <= capacity + (capacity / 4)
                && (best < 0 || has < _idle[best].Capacity)
                && _usedBytes + has <= _options.MaxBytes)
                best = i;
        }

        if (best < 0)
            return null;
        SharedSegment segment = _idle[best];
        _idle.RemoveAt(best);
        _idleBytes -= segment.Capacity;
        return segment;
    }

    private List<SharedSegment> TakeIdleUnsynchronized(long atLeastBytes)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "The lock of the buffers is not held.");
        int count = 0;
        for (long bytes = 0; bytes < atLeastBytes && count < _idle.Count; count++)
        {
            bytes += _idle[count].Capacity;
            _idleBytes -= _idle[count].Capacity;
        }

        List<SharedSegment> taken = _idle.GetRange(0, count);
        _idle.RemoveRange(0, count);
        _discarding += count;
        return taken;
    }

    private void Discard(List<SharedSegment> segments)
    {
        foreach (SharedSegment segment in segments)
        {
            _arena.Discard(segment.Offset, segment.Capacity);
            lock (_gate)
            {
                _ranges.GiveBack(segment.Offset, segment.Capacity);
                _discarding--;
            }
        }
    }

    private void CloseIfUnused()
    {
        lock (_gate)
        {
            if (!_isDisposed || _isClosed || _usedBytes > 0 || _discarding > 0 || _users > 0)
                return;
            _isClosed = true;
        }

        _arena.Dispose();
    }
}
