namespace Pipeline.Imaging;

/// <summary>The stage that reads a file and makes an upright sRGB picture of it: camera RAW, JPEG, PNG, TIFF or WebP, chosen by content.</summary>
/// <remarks>
/// Immutable and thread-safe. A file whose name says camera RAW and whose content does not is refused, so that a preview is never taken for the photo.
/// Transparency is laid over white.
/// </remarks>
public sealed class DecodePhoto : IStage<string, Photo>, IWeightEstimator<string>
{
    // What a file is charged whose header tells nothing: its decode fails early or it is small.
    private const long UnknownBytes = 16L << 20;
    private readonly DecodeOptions _options;

    /// <summary>Initializes a new instance of the <see cref="DecodePhoto"/> class.</summary>
    /// <param name="options">The settings, copied; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    /// <exception cref="PhotoException">The native imaging library cannot be loaded (<see cref="PhotoFailure.NoImagingLibrary"/>).</exception>
    public DecodePhoto(DecodeOptions? options = null)
    {
        _options = (options ?? new DecodeOptions()).CheckedCopy();
        Libvips.EnsureReady();
    }

    /// <inheritdoc/>
    public IStageWorker<string, Photo> CreateWorker(StageWorkerContext context) => new Worker(this, context);

    /// <summary>Estimates from the file's header how many bytes decoding it needs at its peak.</summary>
    /// <param name="item">The file.</param>
    /// <returns>Bytes; a small constant for files that cannot be decoded.</returns>
    public long EstimateWeightBytes(string item)
    {
        try
        {
            return EstimateWeightBytes(PhotoProbe.Read(item));
        }
        catch (PhotoException)
        {
            return UnknownBytes;
        }
    }

    /// <summary>Estimates how many bytes decoding a file needs at its peak, from a header that has been read already.</summary>
    /// <param name="header">What <see cref="PhotoProbe.Read"/> said about the file.</param>
    /// <returns>Bytes; a small constant for files that cannot be decoded.</returns>
    public long EstimateWeightBytes(PhotoHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (header.Pixels > _options.MaxPixels || header.FileBytes > _options.MaxFileBytes)
            return UnknownBytes;
        if (header.Kind == PhotoKind.Raw)
            return (_options.RawDecoder ?? RawDecoders.Default).EstimatePeakBytes(header, DemosaicFor(header));
        return header.Kind == PhotoKind.None
            ? UnknownBytes
            : VipsDecoder.EstimatePeakBytes(header, VipsDecoder.ShrinkFor(header, _options.TargetWidths));
    }

    private Photo Decode(string path, StageWorkerContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using PhotoFile file = PhotoProbe.Open(path, FileOptions.SequentialScan);
        PhotoHeader header = file.Header;
        if (header.FileBytes == 0)
            throw new PhotoException(path, PhotoFailure.Empty, $"'{path}' is empty (0 bytes). Copy it again from its source.");
        if (header.FileBytes > _options.MaxFileBytes)
            throw new PhotoException(
                path,
                PhotoFailure.TooLarge,
                $"'{path}' has {header.FileBytes} bytes; the limit is {_options.MaxFileBytes}. Raise DecodeOptions.MaxFileBytes if you "
                    + "trust it.");
        if (header.Kind == PhotoKind.None)
            throw new PhotoException(
                path, PhotoFailure.NotAPicture, $"'{path}' is no picture by its content: neither JPEG, PNG, TIFF, WebP nor camera RAW.");
        if (header.Kind != PhotoKind.Raw && RawSignatures.NamesRaw(path))
        {
            throw new PhotoException(
                path,
                PhotoFailure.NotWhatItsNameSays,
                $"'{path}' is named as camera RAW, but its content is a {header.Format.ToUpperInvariant()} picture of {header.Width} x "
                    + $"{header.Height} pixels without sensor data. If that picture is wanted, rename the file.");
        }

        if (header.Pixels > _options.MaxPixels)
            throw new PhotoException(
                path,
                PhotoFailure.TooLarge,
                $"'{path}' says it has {header.Width} x {header.Height} = {header.Pixels} pixels; the limit is {_options.MaxPixels}. "
                    + "Raise DecodeOptions.MaxPixels if you trust it.");
        if (!_options.AcceptDamaged && file.Tiff is { } tiff && TiffLayout.FindMissingData(tiff) is { } missing)
            throw new PhotoException(path, PhotoFailure.Damaged, $"'{path}' is cut off: {missing}. Copy it again from its source.");
        return header.Kind == PhotoKind.Raw
            ? DecodeRaw(file, context, cancellationToken)
            : VipsDecoder.Decode(file, _options, cancellationToken);
    }

    private Photo DecodeRaw(PhotoFile file, StageWorkerContext context, CancellationToken cancellationToken)
    {
        IRawDecoder decoder = _options.RawDecoder ?? RawDecoders.Default;
        RawPicture picture = decoder.Decode(
            new RawRequest(
                file.Path,
                DemosaicFor(file.Header),
                _options.MaxPixels,
                _options.AcceptDamaged)
            { File = file.Handle, SpareWorkers = () => context.SpareWorkers },
            cancellationToken);
        PhotoMetadata metadata = ExifReader.Read(file.Exif, _options.KeepMetadata) ?? picture.Metadata ?? PhotoMetadata.None;
        return new Photo(file.Path, file.Header.Format, picture.FullWidth, picture.FullHeight, metadata, [PixelImage.Own(picture.Pixels)]);
    }

    private Demosaic DemosaicFor(PhotoHeader header)
    {
        if (_options.Demosaic != Demosaic.Auto || _options.TargetWidths.Count == 0 || header.Width == 0)
            return _options.Demosaic;
        return _options.TargetWidths.Max() <= header.UprightWidth / 4 ? Demosaic.Half : Demosaic.Auto;
    }

    private sealed class Worker(DecodePhoto stage, StageWorkerContext context) : IStageWorker<string, Photo>
    {
        public ValueTask<Photo> ProcessAsync(string item, CancellationToken cancellationToken) =>
            new(stage.Decode(item, context, cancellationToken));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
