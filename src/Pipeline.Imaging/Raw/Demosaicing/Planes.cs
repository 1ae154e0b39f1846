namespace Pipeline.Imaging;

/// <summary>Red, green and blue of every second pixel of a row, linear, 0 to <see cref="SampleScaler.White"/>.</summary>
internal readonly unsafe struct Planes(short* red, short* green, short* blue)
{
    public short* Red { get; } = red;
    public short* Green { get; } = green;
    public short* Blue { get; } = blue;
}
