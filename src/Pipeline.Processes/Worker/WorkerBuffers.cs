using System.Globalization;

namespace Pipeline.Processes;

/// <summary>The shared buffers of a pool as one of its workers sees them: places in the arena, whose life the pool decides.</summary>
internal sealed unsafe class WorkerBuffers(SharedArena arena) : SharedTransfer, IDisposable
{
    public void Dispose() => arena.Dispose();

    public override void Add(SharedBuffer buffer)
    {
        // The pool checks that the call holds it.
    }

    public override SharedBuffer Resolve(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset + length > arena.Bytes)
            throw new System.Text.Json.JsonException(
                $"A request names {length} bytes of shared memory at {offset}; there are {arena.Bytes}.");
        return Make(offset, length);
    }

    /// <summary>Reads the pool's answer.</summary>
    public SharedBuffer Rented(string?[] answer, int bytes) => answer[0] is { } offset
        ? Make(long.Parse(offset, CultureInfo.InvariantCulture), bytes)
        : throw new SharedMemoryException(answer[1] ?? "The pool gave no reason.");

    private SharedBuffer Make(long offset, int length) => new(arena.At(offset), offset, length);
}
