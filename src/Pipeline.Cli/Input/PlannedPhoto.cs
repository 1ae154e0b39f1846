namespace Pipeline.Cli;

/// <summary>A photo and where its outputs go.</summary>
/// <param name="Photo">The photo.</param>
/// <param name="OutputName">The outputs' path within the output folder, without width and extension, with '/' between folders.</param>
internal sealed record PlannedPhoto(InputPhoto Photo, string OutputName);
