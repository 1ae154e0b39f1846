namespace Pipeline.Cli;

/// <summary>One output file of a finished photo.</summary>
/// <param name="Path">The path within the output folder, with '/' between folders.</param>
/// <param name="RequestedWidth">The width that was asked for, in pixels.</param>
/// <param name="Width">The width of the output, in pixels.</param>
/// <param name="Height">The height of the output, in pixels.</param>
/// <param name="Format">The format's name.</param>
/// <param name="Bytes">The length of the file.</param>
/// <param name="Sha256">The SHA-256 of the file, in lower case hexadecimal digits.</param>
internal sealed record FinishedOutput(string Path, int RequestedWidth, int Width, int Height, string Format, long Bytes, string Sha256);
