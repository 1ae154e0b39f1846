using System.Diagnostics;

namespace Pipeline.Processes;

/// <summary>A part of an arena, counted by references: one for each <see cref="SharedBuffer"/> and one for each call that holds it.</summary>
[DebuggerDisplay("{Capacity} bytes at {Offset}, {_references} references")]
internal sealed unsafe class SharedSegment(SharedBufferPool pool, byte* address, long offset, long capacity)
{
    private int _references; // Interlocked only

    public SharedBufferPool Pool { get; } = pool;
    public byte* Address { get; } = address;
    public long Offset { get; } = offset;
    public long Capacity { get; } = capacity;

    /// <summary>Begins a life with one reference. Called by the pool, while no buffer or call refers to the segment.</summary>
    public SharedSegment Revive()
    {
        Volatile.Write(ref _references, 1);
        return this;
    }

    /// <summary>Takes one more reference.</summary>
    /// <returns>False when the last one was released already.</returns>
    public bool TryAddReference()
    {
        int seen = Volatile.Read(ref _references);
        while (seen > 0)
        {
            int before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen)
                return true;
            seen = before;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            Pool.TakeBack(this);
    }
}
