using System.Buffers;
using System.Text.Json.Serialization;

namespace Pipeline.Processes;

/// <summary>Bytes in memory that a process and its worker processes share: handed over by reference, never copied.</summary>
/// <remarks>
/// Rent one from a <see cref="SharedBufferPool"/> (<see cref="ProcessPool.SharedBuffers"/>), or in a worker with <see cref="WorkerCallContext.Rent"/>, write
/// into it, and put it into the request or the result of a call: only its place travels. It counts in the memory budget of a run like every
/// <see cref="IWeighted"/> item.
/// <para>
/// The owner disposes it. A call keeps what it was given until it has ended, so disposing earlier is safe. In a worker, buffers end with the call: what is not
/// part of the result is given back when the handler returns, throws or dies. Members are thread-safe, the bytes are not: writers and readers must agree,
/// across processes too.
/// </para>
/// </remarks>
[JsonConverter(typeof(SharedBufferJsonConverter))]
public sealed unsafe class SharedBuffer : IMemoryOwner<byte>, IWeighted
{
    private readonly byte* _address;
    private readonly SharedSegment? _segment; // null in a worker, where the call owns it
    private SharedBufferMemory? _memory; // Interlocked only
    private int _disposed; // Interlocked only

    /// <summary>In the process of the pool; takes over one reference of the segment.</summary>
    internal SharedBuffer(SharedSegment segment, int length)
        : this(segment.Address, segment.Offset, length) => _segment = segment;

    /// <summary>In a worker.</summary>
    internal SharedBuffer(byte* address, long offset, int length)
    {
        _address = address;
        Offset = offset;
        Length = length;
    }

    /// <summary>Gives the memory back if the owner forgot to.</summary>
    ~SharedBuffer() => Release();

    /// <summary>Gets the size in bytes.</summary>
    public int Length { get; }

    /// <summary>Gets the bytes.</summary>
    /// <value>Their first content is undefined. Valid until <see cref="Dispose"/>, and only as long as this object is in use.</value>
    /// <exception cref="ObjectDisposedException">The buffer is disposed.</exception>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            return new Span<byte>(_address, Length);
        }
    }

    /// <summary>Gets the bytes for asynchronous input and output and for pinning; their address never changes.</summary>
    /// <exception cref="ObjectDisposedException">The buffer is disposed.</exception>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            if (_memory is null)
                Interlocked.CompareExchange(ref _memory, new SharedBufferMemory(this, _address), null);
            return _memory.Memory;
        }
    }

    /// <summary>Gets the shared memory that the buffer takes.</summary>
    /// <value>Bytes; up to an eighth and 64 KiB more than <see cref="Length"/>. 0 when disposed.</value>
    public long WeightBytes => Volatile.Read(ref _disposed) != 0 ? 0 : _segment?.Capacity ?? Length;

    /// <summary>Gets where it lies in the arena, which names it on a connection.</summary>
    internal long Offset { get; }

    /// <summary>Gives the memory back for the next buffer, as soon as no call uses it.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes one more reference for a call.</summary>
    internal SharedSegment Pin(SharedBufferPool? pool)
    {
        if (_segment is null || _segment.Pool != pool)
        {
            throw new InvalidOperationException(
                $"A shared buffer of {Length} bytes was put into a call to a process pool that does not share it. Workers see the "
                    + "buffers of their own pool only. "
                + "Rent it from ProcessPool.SharedBuffers of that pool, or give all pools the same ProcessPoolOptions.SharedBuffers.");
        }

        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0 || !_segment.TryAddReference(), this);
        return _segment;
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _segment?.Release();
    }
}
