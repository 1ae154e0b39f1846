using System.Buffers;

namespace Pipeline.Processes;

/// <summary>A shared buffer as <see cref="Memory{T}"/>; keeps the buffer alive.</summary>
internal sealed unsafe class SharedBufferMemory(SharedBuffer buffer, byte* address) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => buffer.Span;

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)buffer.Length, nameof(elementIndex));
        return new MemoryHandle(address + elementIndex, default, this);
    }

    public override void Unpin()
    {
        // Shared memory does not move.
    }

    protected override void Dispose(bool disposing)
    {
    }
}
