using NetVips;

namespace Pipeline.Imaging;

/// <summary>WebP, lossy. Pictures up to 16,383 pixels in each direction.</summary>
public sealed class WebpFormat : IPhotoFormat
{
    private readonly int _quality;

    /// <summary>Initializes a new instance of the <see cref="WebpFormat"/> class.</summary>
    /// <param name="quality">1 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of its range.</exception>
    public WebpFormat(int quality = 80)
    {
        if (quality is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(quality), quality, "The quality of WebP must be 1 to 100.");
        _quality = quality;
    }

    /// <summary>Gets how much time is spent on making files smaller.</summary>
    /// <value>0 (fastest) to 6 (smallest); default 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int Effort
    {
        get;
        init => field = value is >= 0 and <= 6
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The effort of WebP must be 0 to 6.");
    }
    = 4;

    /// <inheritdoc/>
    public string Name => "webp";

    /// <inheritdoc/>
    public string Extension => ".webp";

    /// <inheritdoc/>
    public byte[] Encode(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.WebpsaveBuffer(q: _quality, effort: Effort, keep: MetadataKeep.For(image));
    }
}
