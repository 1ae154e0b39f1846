namespace Pipeline.Imaging;

/// <summary>What a RAW decoder returns.</summary>
/// <param name="Pixels">The upright picture; the receiver disposes it.</param>
/// <param name="FullWidth">The width at full size, upright, in pixels; twice the width of the pixels after half-size decoding.</param>
/// <param name="FullHeight">The height at full size, upright, in pixels.</param>
/// <param name="Metadata">What the decoder knows about the shot, for files whose directories are not read here; null when nothing.</param>
public sealed record RawPicture(PixelBuffer Pixels, int FullWidth, int FullHeight, PhotoMetadata? Metadata);
