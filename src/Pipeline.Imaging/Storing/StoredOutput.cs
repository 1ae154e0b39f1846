namespace Pipeline.Imaging;

/// <summary>One stored output.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="RequestedWidth">The width that was asked for, in pixels.</param>
/// <param name="Width">The width that it has, in pixels.</param>
/// <param name="Height">The height that it has, in pixels.</param>
/// <param name="Format">Its format: <c>jpeg</c>, <c>png</c>, <c>webp</c>, <c>avif</c> or <c>tiff</c>.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 of its bytes, 64 lower-case hexadecimal digits.</param>
public sealed record StoredOutput(string Path, int RequestedWidth, int Width, int Height, string Format, long Bytes, string Sha256);
