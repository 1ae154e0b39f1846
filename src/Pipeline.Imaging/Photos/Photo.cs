using System.Diagnostics;

namespace Pipeline.Imaging;

/// <summary>One photo on its way through the stages.</summary>
/// <remarks>
/// A stage takes a photo and returns a new one (<see cref="With"/>), and disposes the one it got once nothing can fail any more; so a stage that throws leaves
/// its input whole for another attempt. Not thread-safe; one stage at a time has the photo.
/// </remarks>
[DebuggerDisplay("{SourcePath,nq} {Width} x {Height}, {Renditions.Count} renditions")]
public sealed class Photo : IWeighted, IDisposable
{
    /// <summary>Initializes a new instance of the <see cref="Photo"/> class.</summary>
    /// <param name="sourcePath">The file that it came from.</param>
    /// <param name="format">What that file is: <c>raw</c>, <c>jpeg</c>, <c>png</c>, <c>tiff</c> or <c>webp</c>.</param>
    /// <param name="width">The width of the decoded picture, upright, in pixels.</param>
    /// <param name="height">The height of the decoded picture, upright, in pixels.</param>
    /// <param name="metadata">What the camera wrote about the picture.</param>
    /// <param name="renditions">The sizes; the photo disposes them.</param>
    public Photo(string sourcePath, string format, int width, int height, PhotoMetadata metadata, IReadOnlyList<Rendition> renditions)
    {
        ArgumentException.ThrowIfNullOrEmpty(sourcePath);
        ArgumentException.ThrowIfNullOrEmpty(format);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(renditions);
        SourcePath = sourcePath;
        Format = format;
        Width = width;
        Height = height;
        Metadata = metadata;
        Renditions = renditions;
    }

    /// <summary>Gets the file that it came from.</summary>
    public string SourcePath { get; }

    /// <summary>Gets what that file is: <c>raw</c>, <c>jpeg</c>, <c>png</c>, <c>tiff</c> or <c>webp</c>.</summary>
    public string Format { get; }

    /// <summary>Gets the width of the picture as stored in the file, upright (after its orientation was applied), in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the height of the picture as stored in the file, upright, in pixels.</summary>
    public int Height { get; }

    /// <summary>Gets what the camera wrote about the picture.</summary>
    public PhotoMetadata Metadata { get; }

    /// <summary>Gets the sizes: after decoding the full picture alone, after <see cref="ResizeTo"/> one per width.</summary>
    public IReadOnlyList<Rendition> Renditions { get; }

    /// <inheritdoc/>
    public long WeightBytes
    {
        get
        {
            long bytes = 0;
            foreach (Rendition rendition in Renditions)
                bytes += rendition.WeightBytes;
            return bytes;
        }
    }

    /// <summary>Makes the photo that a stage returns: same source, other renditions.</summary>
    /// <param name="renditions">The new sizes; the new photo disposes them.</param>
    /// <returns>A new photo. This one still has to be disposed.</returns>
    public Photo With(IReadOnlyList<Rendition> renditions) => new(SourcePath, Format, Width, Height, Metadata, renditions);

    /// <summary>Frees all renditions.</summary>
    public void Dispose()
    {
        foreach (Rendition rendition in Renditions)
            rendition.Dispose();
    }
}
