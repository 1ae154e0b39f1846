using System.Buffers;

namespace Pipeline.Imaging.LibRaw;

/// <summary>The sensor samples that LibRaw unpacked, in LibRaw's own memory. Valid until LibRaw's handle is closed.</summary>
internal sealed unsafe class UnpackedSamples(ushort* first, int count) : MemoryManager<ushort>
{
    public override Span<ushort> GetSpan() => new(first, count);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)count, nameof(elementIndex));
        return new MemoryHandle(first + elementIndex);
    }

    public override void Unpin()
    {
        // Native memory does not move.
    }

    protected override void Dispose(bool disposing)
    {
        // LibRaw frees it.
    }
}
