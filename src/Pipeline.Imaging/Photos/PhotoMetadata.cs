namespace Pipeline.Imaging;

/// <summary>What the camera wrote about a picture. Immutable. The orientation is not among it: it is applied to the pixels.</summary>
public sealed record PhotoMetadata
{
    /// <summary>Gets the metadata of a picture that carries none.</summary>
    public static PhotoMetadata None { get; } = new();

    /// <summary>Gets the maker of the camera.</summary>
    public string? Make { get; init; }

    /// <summary>Gets the model of the camera.</summary>
    public string? Model { get; init; }

    /// <summary>Gets when the picture was taken, as the camera wrote it: <c>yyyy:MM:dd HH:mm:ss</c>, no time zone.</summary>
    public string? Taken { get; init; }

    /// <summary>Gets the exposure time in seconds.</summary>
    public double? ExposureSeconds { get; init; }

    /// <summary>Gets the aperture as f-number.</summary>
    public double? FNumber { get; init; }

    /// <summary>Gets the sensitivity, ISO.</summary>
    public int? Iso { get; init; }

    /// <summary>Gets the focal length in millimeters.</summary>
    public double? FocalLength { get; init; }

    /// <summary>Gets the name of the author.</summary>
    public string? Artist { get; init; }

    /// <summary>Gets the copyright note.</summary>
    public string? Copyright { get; init; }

    /// <summary>Gets the metadata as an EXIF block (starting with <c>Exif\0\0</c>) without orientation, thumbnail and maker notes.</summary>
    /// <value>Empty unless <see cref="DecodeOptions.KeepMetadata"/> is set and the file has any. Encoders write it when it is there.</value>
    public ReadOnlyMemory<byte> Exif { get; init; }
}
