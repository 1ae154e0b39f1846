namespace Pipeline.Imaging.LibRaw;

/// <summary>Decodes camera RAW files by LibRaw: the camera's white balance, no automatic brightening, sRGB primaries, 8 bit, upright.</summary>
/// <remarks>
/// Thread-safe. Plain Bayer sensors, which most cameras have, are developed by <see cref="SensorDeveloper"/> from the sensor data that LibRaw unpacks; all
/// others, and every method asked for by name, by LibRaw itself. The native library comes with the package Magick.NET-Q8-AnyCPU; its layout is checked once,
/// and an unknown one is refused. Tones follow the curve of sRGB, not the BT.709 curve that dcraw and rawpy take by default.
/// </remarks>
public sealed class LibRawDecoder : IRawDecoder
{
    /// <inheritdoc/>
    public string Name => LibRawRuntime.Get(out _) is { } runtime ? $"LibRaw {runtime.Library.Version}" : "no LibRaw";

    /// <inheritdoc/>
    public RawPicture Decode(RawRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        LibRawRuntime runtime = LibRawRuntime.Get(out string why) ?? throw new PhotoException(
            request.Path,
            PhotoFailure.NoRawDecoder,
            $"'{request.Path}' is camera RAW, and no usable LibRaw was found ({why}). Install LibRaw 0.20 to 0.22, or set "
                + "DecodeOptions.RawDecoder to another decoder.");
        using LibRawSession session = new(runtime, request, cancellationToken);
        return session.Decode();
    }

    /// <inheritdoc/>
    public long EstimatePeakBytes(PhotoHeader header, Demosaic demosaic)
    {
        ArgumentNullException.ThrowIfNull(header);
        // Without a size in the header the file's is the best guess: about two bytes of file per pixel, at least.
        long pixels = header.Pixels > 0 ? header.Pixels : header.FileBytes / 2;
        long sensor = pixels * 2;
        // While unpacking LibRaw holds the file and the sensor data; while developing the sensor data and what the method needs: the own engine its output
        // alone, LibRaw four 16-bit values per pixel beside its output.
        bool half = demosaic == Demosaic.Half;
        bool own = header.IsBayer && (half || demosaic == Demosaic.Auto);
        long developed = half ? pixels / 4 : pixels;
        long working = (developed * 3) + (own ? 0 : developed * (demosaic == Demosaic.Aahd ? 38 : 8));
        return sensor + Math.Max(header.FileBytes, working) + (8L << 20);
    }
}
