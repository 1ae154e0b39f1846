namespace Pipeline.Imaging;

/// <summary>Opens the rows of a sensor from one row on.</summary>
/// <param name="first">The first row that will be asked for, in the active area.</param>
internal delegate SampleRows OpenSampleRows(int first);

/// <summary>The rows of a sensor's active area, read from top to bottom.</summary>
/// <remarks>Not thread-safe: each band has its own.</remarks>
internal abstract class SampleRows : IDisposable
{
    /// <summary>How many rows above the lowest one so far stay readable: mirrored rows at the borders and the reach of the interpolation.</summary>
    public const int Kept = 16;

    /// <summary>Gets the samples of a row.</summary>
    /// <param name="row">A row of the active area, not more than <see cref="Kept"/> above the lowest one so far.</param>
    public abstract ReadOnlySpan<ushort> Row(int row);

    /// <summary>Frees what the rows hold.</summary>
    public abstract void Dispose();
}
