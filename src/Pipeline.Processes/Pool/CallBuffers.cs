using System.Text.Json;

namespace Pipeline.Processes;

/// <summary>The shared memory that one call holds in the process of the pool: what its request gave and what its handler rented.</summary>
/// <remarks>
/// Written by the caller before the call is submitted; then guarded by the supervisor's lock while a worker has the call, and by the thread that ends the call
/// or settles its dead worker from then on.
/// </remarks>
internal sealed class CallBuffers(SharedBufferPool? pool) : SharedTransfer
{
    private List<SharedSegment>? _pinned;
    private List<SharedSegment>? _rented;

    public override void Add(SharedBuffer buffer) => (_pinned ??= []).Add(buffer.Pin(pool));

    public override SharedBuffer Resolve(long offset, int length)
    {
        SharedSegment? segment = Find(_rented, offset) ?? Find(_pinned, offset);
        if (segment is null || length < 0 || length > segment.Capacity || !segment.TryAddReference())
            throw new JsonException(
                $"A result names {length} bytes of shared memory at {offset}, which its call does not hold. Return buffers of the "
                    + "request or of WorkerCallContext.Rent in the same call.");
        return new SharedBuffer(segment, length);
    }

    /// <summary>Gets a value indicating whether the call shares memory.</summary>
    public bool AreUsed => _pinned is not null || _rented is not null;

    public void AddRented(SharedSegment segment) => (_rented ??= []).Add(segment);

    /// <summary>Takes what the handler of a worker that died had rented. The taker releases it.</summary>
    public List<SharedSegment>? TakeRented() => Interlocked.Exchange(ref _rented, null);

    /// <summary>Gives everything back that did not become part of the result.</summary>
    public void Release()
    {
        if (!AreUsed)
            return;
        Release(TakeRented());
        Release(Interlocked.Exchange(ref _pinned, null));
    }

    public static void Release(List<SharedSegment>? segments)
    {
        if (segments is null)
            return;
        foreach (SharedSegment segment in segments)
            segment.Release();
    }

    private static SharedSegment? Find(List<SharedSegment>? segments, long offset) => segments?.Find(segment => segment.Offset == offset);
}
