namespace Pipeline.Imaging;

/// <summary>What the header of a file says about the picture in it.</summary>
/// <param name="Kind">What the file is, by its content.</param>
/// <param name="Width">The width as stored, before orientation, in pixels; 0 when the header does not tell.</param>
/// <param name="Height">The height as stored, before orientation, in pixels; 0 when the header does not tell.</param>
/// <param name="Orientation">The EXIF orientation, 1 to 8; 1 when absent.</param>
/// <param name="FileBytes">The size of the file in bytes.</param>
public sealed record PhotoHeader(PhotoKind Kind, int Width, int Height, int Orientation, long FileBytes)
{
    /// <summary>Gets a value indicating whether the header names a plain Bayer sensor: a color filter array that repeats every 2 x 2 pixels.</summary>
    public bool IsBayer { get; init; }

    /// <summary>Gets the bytes of sensor samples that are in memory at a time when the file is read without a native library.</summary>
    /// <value>Null when it is not.</value>
    internal long? SensorWindowBytes { get; init; }

    /// <summary>Gets the pixels in the picture.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>Gets the width of the picture when it is upright, in pixels.</summary>
    public int UprightWidth => Orientation is >= 5 and <= 8 ? Height : Width;

    /// <summary>Gets the format as a word: <c>raw</c>, <c>jpeg</c>, <c>png</c>, <c>tiff</c>, <c>webp</c> or <c>none</c>.</summary>
    public string Format => Kind.ToString().ToLowerInvariant();
}
