using NetVips;

namespace Pipeline.Imaging;

/// <summary>TIFF: lossless, deflate compressed with horizontal prediction. Carries no metadata.</summary>
public sealed class TiffFormat : IPhotoFormat
{
    /// <inheritdoc/>
    public string Name => "tiff";

    /// <inheritdoc/>
    public string Extension => ".tif";

    /// <inheritdoc/>
    public byte[] Encode(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.TiffsaveBuffer(
            compression: Enums.ForeignTiffCompression.Deflate,
            predictor: Enums.ForeignTiffPredictor.Horizontal,
            keep: MetadataKeep.For(image));
    }
}
