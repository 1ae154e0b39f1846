using System.Numerics;

namespace Pipeline.Imaging;

/// <summary>How <see cref="SensorDeveloper"/> develops a sensor image. Immutable.</summary>
public sealed record SensorDevelopOptions
{
    private const int MaxBands = 64;

    /// <summary>Gets the defaults: full size, on the calling thread.</summary>
    public static SensorDevelopOptions Default { get; } = new();

    /// <summary>Gets a value indicating whether each 2 x 2 sites become one pixel, without interpolation.</summary>
    /// <value>Default false. Three to four times as fast; for pictures that are made at least twice smaller afterwards.</value>
    public bool HalfSize { get; init; }

    /// <summary>Gets how many threads develop bands of rows at the same time.</summary>
    /// <value>1 to 64; default 1, the calling thread alone. More pays only when there are fewer photos than cores. Changes no byte of the picture.</value>
    public int Bands { get; init; } = 1;

    /// <summary>Gets what tells how many workers have time to help at this moment.</summary>
    /// <value>Null, the default: as many as <see cref="Bands"/> says.</value>
    internal Func<int>? SpareWorkers { get; init; }

    /// <summary>Gets a value indicating whether vector instructions are used; plain code makes the same bytes.</summary>
    internal bool Vectors { get; init; } = Vector.IsHardwareAccelerated && BitConverter.IsLittleEndian;

    internal void Validate()
    {
        if (Bands is < 1 or > MaxBands)
            throw new ArgumentOutOfRangeException(
                nameof(Bands), Bands, $"The number of bands must be 1 to {MaxBands}. Set SensorDevelopOptions.Bands.");
    }
}
