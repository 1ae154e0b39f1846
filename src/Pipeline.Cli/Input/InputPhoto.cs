namespace Pipeline.Cli;

/// <summary>One photo to process, with all that finding it told.</summary>
/// <param name="Source">The photo.</param>
/// <param name="RealPath">The full path without symbolic links: the photo's identity.</param>
/// <param name="RelativeFolder">The folder of the photo within the input that was given; empty at its top.</param>
/// <param name="Root">The name of the folder or pattern that it was found in, to tell photos of one name apart.</param>
/// <param name="Length">The bytes of the file.</param>
/// <param name="ModifiedTicks">When the file was last written, in UTC ticks.</param>
internal sealed record InputPhoto(PhotoSource Source, string RealPath, string RelativeFolder, string Root, long Length, long ModifiedTicks)
{
    /// <summary>Gets the path as the user can recognize it.</summary>
    public string Path => Source.Path;
}
