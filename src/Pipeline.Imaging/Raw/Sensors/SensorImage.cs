namespace Pipeline.Imaging;

/// <summary>What a Bayer sensor recorded, and what is needed to make a picture of it.</summary>
/// <remarks>Immutable; the memory behind <see cref="Samples"/> belongs to the one who made the object and must outlive each use.</remarks>
public sealed record SensorImage
{
    /// <summary>Gets the samples, row-major, one 16-bit value per site, masked borders included.</summary>
    public required ReadOnlyMemory<ushort> Samples { get; init; }

    /// <summary>Gets the distance between two rows, in samples.</summary>
    public required int RowStride { get; init; }

    /// <summary>Gets the first column of the active area, in samples.</summary>
    public int Left { get; init; }

    /// <summary>Gets the first row of the active area.</summary>
    public int Top { get; init; }

    /// <summary>Gets the width of the active area, in samples; at least 2.</summary>
    public required int Width { get; init; }

    /// <summary>Gets the height of the active area, in rows; at least 2.</summary>
    public required int Height { get; init; }

    /// <summary>Gets the order of the filter colors, beginning at the top left of the active area.</summary>
    public required BayerPattern Pattern { get; init; }

    /// <summary>Gets the level of no light at each of the 2 x 2 sites, row by row, in sample values.</summary>
    public required IReadOnlyList<float> BlackLevels { get; init; }

    /// <summary>Gets the level at which the sensor is full, in sample values.</summary>
    public required float WhiteLevel { get; init; }

    /// <summary>Gets the factors of red, green and blue that make gray neutral. Only their ratios count.</summary>
    public required IReadOnlyList<float> WhiteBalance { get; init; }

    /// <summary>Gets the matrix from white-balanced camera color to linear sRGB: 3 x 3, row-major; the rows sum to 1, so white stays white.</summary>
    public required IReadOnlyList<float> CameraToSrgb { get; init; }

    /// <summary>Gets the EXIF orientation, 1 to 8, that the developed picture gets applied.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>Throws when the parts do not fit together, so that the kernels need no checks.</summary>
    /// <exception cref="ArgumentException">A size, level, factor or the orientation is out of its range, or there are too few samples.</exception>
    internal void Validate()
    {
        ValidateTags();
        long needed = ((long)(Top + (long)Height - 1) * RowStride) + Left + Width;
        Require(Samples.Length >= needed, $"There are {Samples.Length} samples; the active area needs {needed}.");
    }

    /// <summary>Throws when the parts beside the samples do not fit together.</summary>
    /// <exception cref="ArgumentException">A size, level, factor or the orientation is out of its range.</exception>
    internal void ValidateTags()
    {
        Require(Width >= 2 && Height >= 2, $"The active area is {Width} x {Height}; a Bayer pattern needs at least 2 x 2 samples.");
        Require(
            Left >= 0 && Top >= 0 && RowStride >= (long)Left + Width,
            $"Rows of {RowStride} samples do not hold an active area of {Width} at column {Left}.");
        Require(Enum.IsDefined(Pattern), $"The pattern is {Pattern}; it must be one of the four Bayer patterns.");
        Require(Orientation is >= 1 and <= 8, $"The orientation is {Orientation}; it must be 1 to 8.");
        Require(
            BlackLevels.Count == 4 && BlackLevels.All(b => b >= 0 && b < WhiteLevel),
            $"The black levels must be four values from 0 to below the white level {WhiteLevel}.");
        Require(WhiteLevel is > 0 and <= ushort.MaxValue, $"The white level is {WhiteLevel}; it must be above 0 and at most 65535.");
        Require(
            WhiteBalance.Count == 3 && WhiteBalance.All(f => f > 0 && float.IsFinite(f)),
            "The white balance must be three positive factors.");
        Require(CameraToSrgb.Count == 9 && CameraToSrgb.All(float.IsFinite), "The color matrix must be nine finite values.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException(message);
    }
}
