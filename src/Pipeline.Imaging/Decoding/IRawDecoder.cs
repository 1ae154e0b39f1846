namespace Pipeline.Imaging;

/// <summary>Turns camera RAW files into pictures. Thread-safe: one decoder serves all workers.</summary>
public interface IRawDecoder
{
    /// <summary>Gets what it is, with version, for reports: <c>LibRaw 0.22.3</c>.</summary>
    string Name { get; }

    /// <summary>Decodes a file to an upright 8-bit sRGB picture with the camera's white balance and no automatic brightening.</summary>
    /// <param name="request">The file and how to decode it.</param>
    /// <param name="cancellationToken">Stops the decoding between its steps.</param>
    /// <returns>The picture, its orientation applied. The caller disposes its pixels.</returns>
    /// <exception cref="PhotoException">The file cannot be decoded.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    RawPicture Decode(RawRequest request, CancellationToken cancellationToken);

    /// <summary>Estimates the most memory that decoding a file needs.</summary>
    /// <param name="header">The header of the file.</param>
    /// <param name="demosaic">The method; <see cref="Demosaic.Auto"/> means the fast full-size one.</param>
    /// <returns>Bytes.</returns>
    long EstimatePeakBytes(PhotoHeader header, Demosaic demosaic);
}
