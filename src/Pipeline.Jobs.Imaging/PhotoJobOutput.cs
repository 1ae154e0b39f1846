namespace Pipeline.Jobs.Imaging;

/// <summary>One picture that a photo job made.</summary>
/// <param name="File">Its name in the result.</param>
/// <param name="Artifact">The full name of the artifact.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal digits.</param>
public sealed record PhotoJobOutput(string File, string Artifact, int Width, int Height, long Bytes, string Sha256);
