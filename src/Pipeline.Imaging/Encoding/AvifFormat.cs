using NetVips;

namespace Pipeline.Imaging;

/// <summary>AVIF: the smallest files and by far the slowest encoder.</summary>
public sealed class AvifFormat : IPhotoFormat
{
    private readonly int _quality;

    /// <summary>Initializes a new instance of the <see cref="AvifFormat"/> class.</summary>
    /// <param name="quality">1 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of its range.</exception>
    public AvifFormat(int quality = 60)
    {
        if (quality is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(quality), quality, "The quality of AVIF must be 1 to 100.");
        _quality = quality;
    }

    /// <summary>Gets how much time is spent on making files smaller.</summary>
    /// <value>0 (fastest) to 9 (smallest); default 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int Effort
    {
        get;
        init => field = value is >= 0 and <= 9
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The effort of AVIF must be 0 to 9.");
    }
    = 4;

    /// <inheritdoc/>
    public string Name => "avif";

    /// <inheritdoc/>
    public string Extension => ".avif";

    /// <inheritdoc/>
    public byte[] Encode(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.HeifsaveBuffer(
            q: _quality, effort: Effort, compression: Enums.ForeignHeifCompression.Av1, keep: MetadataKeep.For(image));
    }
}
