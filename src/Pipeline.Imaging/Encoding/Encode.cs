using NetVips;

namespace Pipeline.Imaging;

/// <summary>The stage that encodes every size of a photo. Immutable and thread-safe.</summary>
/// <remarks>The same pixels and settings give the same bytes: no time stamp or software version is written.</remarks>
public sealed class Encode : IStage<Photo, Photo>
{
    private readonly IPhotoFormat _format;

    /// <summary>Initializes a new instance of the <see cref="Encode"/> class.</summary>
    /// <param name="format">The format, for example <c>new JpegFormat(85)</c>.</param>
    public Encode(IPhotoFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        _format = format;
        Libvips.EnsureReady();
    }

    /// <inheritdoc/>
    public IStageWorker<Photo, Photo> CreateWorker(StageWorkerContext context) => new PhotoWorker(context, Run);

    private Rendition Run(Photo photo, int index)
    {
        Rendition rendition = photo.Renditions[index];
        using Image image = WithMetadata(rendition.Image, photo.Metadata);
        return new Rendition(rendition.RequestedWidth, rendition.Width, rendition.Height, _format, _format.Encode(image));
    }

    private static Image WithMetadata(Image image, PhotoMetadata metadata) => metadata.Exif.IsEmpty
        ? image.Copy()
        : image.Mutate(mutable => mutable.Set(GValue.BlobType, "exif-data", metadata.Exif.ToArray()));
}
