namespace Pipeline.Imaging;

/// <summary>The stage that lays a picture (a logo, usually a PNG with transparency) over every size of a photo.</summary>
/// <remarks>
/// Immutable and thread-safe. The watermark is read once, when the stage is made. Its size follows the photo's shorter edge, so that upright and lying photos
/// of one camera carry the same mark.
/// </remarks>
public sealed class Watermark : IStage<Photo, Photo>, IWeightEstimator<Photo>
{
    private readonly OverlayPicture _overlay;
    private readonly double _opacity = 0.4;
    private readonly double _relativeSize = 0.3;
    private readonly double _margin = 0.03;

    /// <summary>Initializes a new instance of the <see cref="Watermark"/> class.</summary>
    /// <param name="path">The picture to lay over: PNG, WebP, TIFF or JPEG.</param>
    /// <exception cref="PhotoException">The file is missing or no picture (<see cref="PhotoFailure.WatermarkUnusable"/>).</exception>
    public Watermark(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Libvips.EnsureReady();
        Path = path;
        _overlay = OverlayPicture.Load(path);
    }

    /// <summary>Gets the file of the watermark.</summary>
    public string Path { get; }

    /// <summary>Gets how strongly the watermark covers, on top of its own transparency.</summary>
    /// <value>0 (not at all) to 1 (fully); default 0.4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Opacity
    {
        get => _opacity;
        init => _opacity = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The opacity of a watermark must be 0 to 1.");
    }

    /// <summary>Gets where it is laid.</summary>
    /// <value>Default <see cref="WatermarkPosition.BottomRight"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is no position.</exception>
    public WatermarkPosition Position
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Unknown position of a watermark.");
    }
    = WatermarkPosition.BottomRight;

    /// <summary>Gets the width of the watermark as a share of the photo's shorter edge.</summary>
    /// <value>0.01 to 1; default 0.3. It is made smaller where it would not fit.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double RelativeSize
    {
        get => _relativeSize;
        init => _relativeSize = value is >= 0.01 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The relative size of a watermark must be 0.01 to 1.");
    }

    /// <summary>Gets the distance to the edges as a share of the photo's shorter edge.</summary>
    /// <value>0 to 0.4; default 0.03.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Margin
    {
        get => _margin;
        init => _margin = value is >= 0 and <= 0.4
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The margin of a watermark must be 0 to 0.4.");
    }

    /// <inheritdoc/>
    public IStageWorker<Photo, Photo> CreateWorker(StageWorkerContext context)
    {
        // Photos of one run mostly have the same few sizes; each worker keeps the marks that it scaled.
        Dictionary<(int Width, int Height), OverlayPicture> marks = new();
        return new PhotoWorker(context, (photo, index) => Mark(photo.Renditions[index], marks));
    }

    /// <inheritdoc/>
    public long EstimateWeightBytes(Photo item) => 2 * item.WeightBytes;

    private Rendition Mark(Rendition rendition, Dictionary<(int Width, int Height), OverlayPicture> marks)
    {
        const int MaxKept = 64;
        (int width, int height) = SizeFor(rendition);
        OverlayPicture? mark;
        lock (marks)
        {
            if (!marks.TryGetValue((width, height), out mark))
            {
                if (marks.Count >= MaxKept)
                    marks.Clear();
                marks[(width, height)] = mark = _overlay.Scale(width, height);
            }
        }

        int margin = (int)Math.Round(_margin * Math.Min(rendition.Width, rendition.Height));
        int x = At((int)Position % 3, rendition.Width, width, margin), y = At((int)Position / 3, rendition.Height, height, margin);
        return new Rendition(rendition.RequestedWidth, mark.LayOver(rendition.Image, x, y, _opacity));
    }

    // 0 at the start, 1 in the middle, 2 at the end of the edge.
    private static int At(int place, int edge, int size, int margin) => Math.Clamp(
        place switch { 0 => margin, 1 => (edge - size) / 2, _ => edge - size - margin },
        0,
        Math.Max(0, edge - size));

    private (int Width, int Height) SizeFor(Rendition rendition)
    {
        double scale = _relativeSize * Math.Min(rendition.Width, rendition.Height) / _overlay.Width;
        scale = Math.Min(scale, Math.Min((double)rendition.Width / _overlay.Width, (double)rendition.Height / _overlay.Height));
        return (Math.Max(1, (int)Math.Round(_overlay.Width * scale)), Math.Max(1, (int)Math.Round(_overlay.Height * scale)));
    }
}
