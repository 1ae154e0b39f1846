namespace Pipeline.Profiling;

/// <summary>An item of a simulated run.</summary>
internal sealed class SimulatedItem(long sequence)
{
    public long Sequence { get; } = sequence;

    /// <summary>The position reserved at the end of the ordered region that the item is in.</summary>
    public long ExitPosition { get; set; }
}
