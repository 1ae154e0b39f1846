using System.Buffers;
using System.Runtime.InteropServices;

namespace Pipeline.Imaging;

/// <summary>Sensor samples in native memory, so that a photo of 100 MB leaves nothing for the garbage collector.</summary>
/// <remarks>Not thread-safe. Has to be disposed; there is no finalizer, because a span may outlive the last reference to the object. Memory taken from it must
/// not be used afterwards.</remarks>
internal sealed unsafe class NativeSamples : MemoryManager<ushort>
{
    private readonly int _count;
    private ushort* _block;

    public NativeSamples(int count)
    {
        _count = count;
        _block = (ushort*)NativeMemory.Alloc((nuint)count, sizeof(ushort));
    }

    public override Span<ushort> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_block is null, this);
        return new Span<ushort>(_block, _count);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_count, nameof(elementIndex));
        return new MemoryHandle(_block + elementIndex);
    }

    public override void Unpin()
    {
        // Native memory does not move.
    }

    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
