namespace Pipeline.Imaging;

/// <summary>What a RAW decoder is asked to do.</summary>
/// <param name="Path">The file.</param>
/// <param name="Demosaic">The method; <see cref="Demosaic.Auto"/> means the decoder's fast full-size one.</param>
/// <param name="MaxPixels">The most pixels the sensor may have; more is an error before anything is allocated.</param>
/// <param name="AcceptDamaged">Whether to return what could be decoded of damaged data.</param>
public sealed record RawRequest(string Path, Demosaic Demosaic, long MaxPixels, bool AcceptDamaged);
