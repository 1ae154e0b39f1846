namespace Pipeline.Imaging;

/// <summary>What <see cref="DngWriter"/> writes beside the sensor data. Immutable.</summary>
public sealed record DngSettings
{
    /// <summary>Gets the width of the sensor in pixels.</summary>
    /// <value>Even, 16 to 65,534.</value>
    public required int Width { get; init; }

    /// <summary>Gets the height of the sensor in pixels.</summary>
    /// <value>Even, 16 to 65,534.</value>
    public required int Height { get; init; }

    /// <summary>Gets the order of the colors on the sensor.</summary>
    public BayerPattern Pattern { get; init; } = BayerPattern.Rggb;

    /// <summary>Gets how the sensor data is held.</summary>
    public DngCompression Compression { get; init; } = DngCompression.None;

    /// <summary>Gets the value of no light.</summary>
    /// <value>0 to WhiteLevel - 1; default 512.</value>
    public int BlackLevel { get; init; } = 512;

    /// <summary>Gets the value at which the sensor saturates.</summary>
    /// <value>Up to 65,535; default 16,383, 14 bits.</value>
    public int WhiteLevel { get; init; } = 16383;

    /// <summary>Gets the matrix from CIE XYZ to the camera's colors under D65: nine numbers, row by row.</summary>
    public required IReadOnlyList<double> ColorMatrix { get; init; }

    /// <summary>Gets the camera's values of a neutral gray under the light of the shot: red, green, blue, each above 0, the largest 1.</summary>
    public required IReadOnlyList<double> AsShotNeutral { get; init; }

    /// <summary>Gets the EXIF orientation.</summary>
    /// <value>1 to 8; default 1, upright.</value>
    public int Orientation { get; init; } = 1;

    /// <summary>Gets what EXIF says about camera and exposure.</summary>
    public PhotoMetadata Metadata { get; init; } = PhotoMetadata.None;

    internal void Check()
    {
        if (Width is < 16 or > 65534 || Width % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(Width), Width, "The width of a sensor must be even, 16 to 65,534 pixels.");
        if (Height is < 16 or > 65534 || Height % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(Height), Height, "The height of a sensor must be even, 16 to 65,534 pixels.");
        if ((long)Width * Height > 1_000_000_000)
            throw new ArgumentOutOfRangeException(
                nameof(Height),
                Height,
                $"A sensor of {Width} x {Height} pixels does not fit into a DNG file of 4 GB; at most 1,000 million pixels do.");
        if (WhiteLevel is < 1 or > 65535)
            throw new ArgumentOutOfRangeException(nameof(WhiteLevel), WhiteLevel, "The white level must be 1 to 65,535.");
        if (BlackLevel < 0 || BlackLevel >= WhiteLevel)
            throw new ArgumentOutOfRangeException(
                nameof(BlackLevel), BlackLevel, "The black level must be 0 or more and below the white level.");
        if (Orientation is < 1 or > 8)
            throw new ArgumentOutOfRangeException(nameof(Orientation), Orientation, "The orientation must be 1 to 8.");
        if (ColorMatrix is not { Count: 9 })
            throw new ArgumentException("The color matrix must have nine numbers.", nameof(ColorMatrix));
        if (AsShotNeutral is not { Count: 3 } || AsShotNeutral.Any(n => n is not (> 0 and <= 1)))
            throw new ArgumentException("The neutral must be three numbers above 0, up to 1.", nameof(AsShotNeutral));
    }
}
