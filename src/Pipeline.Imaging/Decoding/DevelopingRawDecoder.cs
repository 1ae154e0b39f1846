namespace Pipeline.Imaging;

/// <summary>Decodes plain Bayer DNG files without a native library and hands all other RAW files to another decoder.</summary>
/// <remarks>
/// Thread-safe. Read here: one Bayer plane of 16 bits without compression or as lossless JPEG, in strips or tiles, one color matrix, nothing to be applied to
/// the samples afterwards; and only when no interpolation method is asked for by name. The white level of the file is taken as it is, even where no sample
/// reaches it.
/// </remarks>
public sealed class DevelopingRawDecoder : IRawDecoder
{
    // Row rings, tables, the file's directories.
    private const long FixedBytes = 8L << 20;
    private readonly IRawDecoder? _other;

    /// <summary>Initializes a new instance of the <see cref="DevelopingRawDecoder"/> class.</summary>
    /// <param name="other">Decodes what is not decoded here; null when there is no such decoder, and those files fail with
    /// <see cref="PhotoFailure.NoRawDecoder"/>.</param>
    public DevelopingRawDecoder(IRawDecoder? other = null) => _other = other;

    /// <inheritdoc/>
    public string Name => _other is null ? "plain DNG" : $"plain DNG, otherwise {_other.Name}";

    /// <inheritdoc/>
    public RawPicture Decode(RawRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (TryDecode(request, cancellationToken) is { } picture)
            return picture;
        IRawDecoder other = _other ?? throw new PhotoException(
            request.Path,
            PhotoFailure.NoRawDecoder,
            $"'{request.Path}' is camera RAW of a kind that needs a RAW decoder, and none is present. Reference the package "
                + "Pipeline.Imaging.LibRaw or set DecodeOptions.RawDecoder.");
        return other.Decode(request, cancellationToken);
    }

    /// <inheritdoc/>
    public long EstimatePeakBytes(PhotoHeader header, Demosaic demosaic)
    {
        ArgumentNullException.ThrowIfNull(header);
        long pixels = header.Pixels, picture = (demosaic == Demosaic.Half ? pixels / 4 : pixels) * 3;
        bool own = demosaic is (Demosaic.Auto or Demosaic.Half);
        // Samples are developed while they are read. A compressed block has its stream, as read and without stuffing, beside it.
        if (own && header.SensorWindowBytes is { } window)
            return picture + (2 * window) + FixedBytes;
        // Everything but a plain Bayer sensor is the other decoder's.
        if (_other is not null && !(own && header.IsBayer))
            return _other.EstimatePeakBytes(header, demosaic);
        return (pixels * sizeof(ushort)) + Math.Max(picture, _other is null ? 0 : header.FileBytes) + FixedBytes;
    }

    private static RawPicture? TryDecode(RawRequest request, CancellationToken cancellationToken)
    {
        // Only the other decoder has named methods and can make something of damaged data.
        if (request.Demosaic is not (Demosaic.Auto or Demosaic.Half) || request.AcceptDamaged)
            return null;
        using PhotoFile file = PhotoProbe.Open(request.Path, FileOptions.SequentialScan, request.File);
        if (file.Tiff is not { } tiff || DngSensor.TryRead(tiff, file.Header.Orientation) is not { } sensor)
            return null;
        long sites = (long)sensor.Image.RowStride * sensor.Rows;
        if (sites > request.MaxPixels)
            throw new PhotoException(
                request.Path,
                PhotoFailure.TooLarge,
                $"'{request.Path}' has a sensor of {sensor.Image.RowStride} x {sensor.Rows} pixels; the limit is {request.MaxPixels}. "
                    + "Raise DecodeOptions.MaxPixels if you trust it.");
        try
        {
            if (!DngRows.CanRead(file.Handle, sensor))
                return null;
            PixelBuffer pixels = SensorDeveloper.Develop(
                sensor.Image,
                first => new DngRows(file.Handle, request.Path, sensor, first, cancellationToken),
                request.Allocate,
                new SensorDevelopOptions { HalfSize = request.Demosaic == Demosaic.Half, SpareWorkers = request.SpareWorkers },
                cancellationToken);
            (int width, int height) = SensorDeveloper.SizeOf(sensor.Image, halfSize: false);
            return new RawPicture(pixels, width, height, Metadata: null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PhotoException(request.Path, PhotoFailure.Unreadable, $"'{request.Path}' cannot be read. {e.Message}", e);
        }
    }
}
