using NetVips;

namespace Pipeline.Imaging;

/// <summary>JPEG, baseline, by the mozjpeg code in libvips.</summary>
public sealed class JpegFormat : IPhotoFormat
{
    private readonly int _quality;

    /// <summary>Initializes a new instance of the <see cref="JpegFormat"/> class.</summary>
    /// <param name="quality">1 to 100. From 90 on colors keep their full resolution, below they have half of it in both directions.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of its range.</exception>
    public JpegFormat(int quality = 85)
    {
        if (quality is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(quality), quality, "The quality of JPEG must be 1 to 100.");
        _quality = quality;
    }

    /// <summary>Gets a value indicating whether files show coarsely first and get finer while they load; smaller, slower to encode.</summary>
    /// <value>Default false.</value>
    public bool Progressive { get; init; }

    /// <inheritdoc/>
    public string Name => "jpeg";

    /// <inheritdoc/>
    public string Extension => ".jpg";

    /// <inheritdoc/>
    public byte[] Encode(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.JpegsaveBuffer(q: _quality, interlace: Progressive, optimizeCoding: true, keep: MetadataKeep.For(image));
    }
}
