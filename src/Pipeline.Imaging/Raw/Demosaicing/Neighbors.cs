namespace Pipeline.Imaging;

/// <summary>A half row with the one above and the one below it.</summary>
internal readonly unsafe struct Neighbors(short* above, short* here, short* below)
{
    public short* Above { get; } = above;
    public short* Here { get; } = here;
    public short* Below { get; } = below;
}
