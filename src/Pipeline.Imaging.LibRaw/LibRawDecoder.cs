using Pipeline.Imaging.LibRaw.Internal;

namespace Pipeline.Imaging.LibRaw;

/// <summary>Decodes camera RAW files by LibRaw: the camera's white balance, no automatic brightening, sRGB primaries, 8 bit, upright.</summary>
/// <remarks>
/// Thread-safe. The native library comes with the package Magick.NET-Q8-AnyCPU; its layout is checked once, and an unknown one
/// is refused. Tones follow LibRaw's default curve (ITU-R BT.709), as with dcraw, rawpy and ImageMagick.
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
            $"'{request.Path}' is camera RAW, and no usable LibRaw was found ({why}). Install LibRaw 0.20 to 0.22, or set DecodeOptions.RawDecoder to another decoder.");
        using var session = new LibRawSession(runtime, request, cancellationToken);
        return session.Decode();
    }

    /// <inheritdoc/>
    public long EstimatePeakBytes(PhotoHeader header, Demosaic demosaic)
    {
        ArgumentNullException.ThrowIfNull(header);
        // Without a size in the header the file's is the best guess: about two bytes of file per pixel, at least.
        long pixels = header.Pixels > 0 ? header.Pixels : header.FileBytes / 2;
        long sensor = pixels * 2;
        long working = demosaic switch
        {
            Demosaic.Half => (pixels / 4 * 8) + (pixels / 4 * 3),
            Demosaic.Aahd => pixels * (8 + 3 + 30),
            _ => pixels * (8 + 3),
        };
        return sensor + Math.Max(header.FileBytes, working) + (16L << 20);
    }
}
