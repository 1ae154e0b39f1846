namespace Pipeline.Testing;

/// <summary>A running 128-bit number for "which dependent steps happened in which order".</summary>
/// <remarks>
/// Each step hashes its participant, its place in that participant, and the last write to the resource that it touches; the sum over all steps is the value.
/// Sums do not care for order, so two runs that differ only in the order of independent steps get the same value (happens-before equivalence; Musuvathi and
/// Qadeer, "Partial-Order Reduction for Context-Bounded State Exploration", MSR-TR-2007-12). A write need not hash the reads before it: each read names the
/// write that it saw, which places it between that write and the next. Two different histories of a million meet with probability below 10^-26.
/// </remarks>
internal sealed class HistoryHash(int participants, int resources)
{
    private readonly UInt128[] _lastOf = new UInt128[participants];
    private readonly UInt128[] _lastWrite = new UInt128[resources];
    private UInt128 _barrier;

    public UInt128 Value { get; private set; }

    public void Access(int participant, int resource, bool writes)
    {
        UInt128 before = Mix(_lastOf[participant], (ulong)participant + 11) + Mix(_lastWrite[resource], (ulong)resource + 1_000_003);
        UInt128 step = Mix(before + _barrier, writes ? 7UL : 5UL);
        Commit(participant, step);
        if (writes)
            _lastWrite[resource] = step;
    }

    public void Local(int participant) => Commit(participant, Mix(Mix(_lastOf[participant], (ulong)participant + 11) + _barrier, 13));

    /// <summary>Takes a step that depends on all before it and that all after it depend on.</summary>
    public void Barrier(int actor)
    {
        _barrier = Mix(Value + _barrier, (ulong)(actor + 2) + 2_000_003);
        Value += _barrier;
    }

    private void Commit(int participant, UInt128 step)
    {
        _lastOf[participant] = step;
        Value += step;
    }

    // Two rounds of the SplitMix64 finalizer over the halves, each fed with the other.
    private static UInt128 Mix(UInt128 value, ulong salt)
    {
        ulong low = Finish((ulong)value + (salt * 0x9E3779B97F4A7C15));
        ulong high = Finish((ulong)(value >> 64) ^ low);
        low = Finish(low + high);
        return new UInt128(high, low);
    }

    private static ulong Finish(ulong z)
    {
        unchecked
        {
            z += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
