using NetVips;

namespace Pipeline.Imaging;

/// <summary>The stage that makes several sizes of a photo from one decode, with a Lanczos3 kernel.</summary>
/// <remarks>
/// Immutable and thread-safe. The height follows from the width, so that the proportions stay. Widths above the source's are not enlarged unless
/// <see cref="Enlarge"/> is set: the rendition then has the source's width and remembers the one that was asked for.
/// </remarks>
public sealed class ResizeTo : IStage<Photo, Photo>, IWeightEstimator<Photo>
{
    private readonly int[] _widths;

    /// <summary>Initializes a new instance of the <see cref="ResizeTo"/> class.</summary>
    /// <param name="widths">The widths in pixels, 1 to 100,000 each, at least one; a width given twice is made once.</param>
    /// <exception cref="ArgumentException">There is no width.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A width is out of its range.</exception>
    public ResizeTo(params int[] widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        if (widths.Length == 0)
            throw new ArgumentException("ResizeTo was given no width. Give at least one, for example new ResizeTo(1920).", nameof(widths));
        foreach (int width in widths)
        {
            if (width is < 1 or > 100_000)
                throw new ArgumentOutOfRangeException(nameof(widths), width, "A width must be 1 to 100,000 pixels.");
        }

        _widths = widths.Distinct().ToArray();
        Libvips.EnsureReady();
    }

    /// <summary>Gets the widths in pixels, in the order given.</summary>
    public IReadOnlyList<int> Widths => _widths;

    /// <summary>Gets a value indicating whether widths above the source's are made by enlarging.</summary>
    /// <value>Default false.</value>
    public bool Enlarge { get; init; }

    /// <inheritdoc/>
    public IStageWorker<Photo, Photo> CreateWorker(StageWorkerContext context) => new PhotoWorker(context, Resize, _widths.Length);

    /// <inheritdoc/>
    public long EstimateWeightBytes(Photo item)
    {
        long bytes = item.WeightBytes;
        foreach (int width in _widths)
        {
            (int w, int h) = SizeFor(item, width);
            bytes += 3L * w * h;
        }

        return bytes;
    }

    private (int Width, int Height) SizeFor(Photo photo, int requested)
    {
        int width = Enlarge ? requested : Math.Min(requested, photo.Width);
        return (width, Math.Max(1, (int)Math.Round((double)photo.Height * width / photo.Width, MidpointRounding.AwayFromZero)));
    }

    private Rendition Resize(Photo photo, int index)
    {
        Image full = photo.Renditions[0].Image;
        int requested = _widths[index];
        (int width, int height) = SizeFor(photo, requested);
        if (width == full.Width && height == full.Height)
            return new Rendition(requested, full.CopyMemory());
        // Rounding inside libvips can miss by a pixel when the picture was decoded at a fraction; the exact scales prevent it.
        using Image resized = full.Resize((double)width / full.Width, kernel: Enums.Kernel.Lanczos3, vscale: (double)height / full.Height);
        return new Rendition(requested, resized.CopyMemory());
    }
}
