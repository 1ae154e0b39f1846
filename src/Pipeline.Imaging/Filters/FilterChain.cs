using NetVips;

namespace Pipeline.Imaging;

/// <summary>The stage that filters every size of a photo. Immutable and thread-safe, as its filters are.</summary>
public sealed class FilterChain : IStage<Photo, Photo>, IWeightEstimator<Photo>
{
    private readonly IPhotoFilter[] _filters;

    /// <summary>Initializes a new instance of the <see cref="FilterChain"/> class.</summary>
    /// <param name="filters">The filters in the order in which they are applied; none leaves the photo as it is.</param>
    public FilterChain(params IPhotoFilter[] filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        foreach (IPhotoFilter filter in filters)
            ArgumentNullException.ThrowIfNull(filter, nameof(filters));
        _filters = [.. filters];
        Libvips.EnsureReady();
    }

    /// <inheritdoc/>
    public IStageWorker<Photo, Photo> CreateWorker(StageWorkerContext context) => new PhotoWorker(context, Filter);

    /// <inheritdoc/>
    public long EstimateWeightBytes(Photo item) => 2 * item.WeightBytes;

    private Rendition Filter(Photo photo, int index)
    {
        Rendition rendition = photo.Renditions[index];
        using ImageScope scope = new();
        Image image = rendition.Image;
        foreach (IPhotoFilter filter in _filters)
        {
            Image next = scope.Take(filter.Apply(image));
            if (next.Width != image.Width || next.Height != image.Height || next.Bands != image.Bands || next.Format != image.Format)
            {
                throw new PhotoException(
                    photo.SourcePath,
                    PhotoFailure.ProcessingFailed,
                    $"Filter '{filter.GetType().Name}' made {next.Width} x {next.Height} x {next.Bands} {next.Format} of {image.Width} "
                        + $"x {image.Height} x {image.Bands} {image.Format}. A filter must keep size, bands and depth.");
            }

            image = next;
        }

        return new Rendition(rendition.RequestedWidth, image.CopyMemory());
    }
}
