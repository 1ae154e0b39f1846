using NetVips;

namespace Pipeline.Imaging;

/// <summary>PNG: lossless.</summary>
public sealed class PngFormat : IPhotoFormat
{
    private readonly int _compression;

    /// <summary>Initializes a new instance of the <see cref="PngFormat"/> class.</summary>
    /// <param name="compression">0 (none, fastest) to 9 (smallest); default 6.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="compression"/> is out of its range.</exception>
    public PngFormat(int compression = 6)
    {
        if (compression is < 0 or > 9)
            throw new ArgumentOutOfRangeException(nameof(compression), compression, "The compression of PNG must be 0 to 9.");
        _compression = compression;
    }

    /// <inheritdoc/>
    public string Name => "png";

    /// <inheritdoc/>
    public string Extension => ".png";

    /// <inheritdoc/>
    public byte[] Encode(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.PngsaveBuffer(compression: _compression, keep: MetadataKeep.For(image));
    }
}
