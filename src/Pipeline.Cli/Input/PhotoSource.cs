namespace Pipeline.Cli;

/// <summary>The item of the photo pipeline: a photo with what its header said when it was found, so that no stage and no worker process reads the header again
/// to plan.</summary>
/// <param name="Path">The path as the user can recognize it: what was given, with the way down from there.</param>
/// <param name="Header">What the header says; of kind <see cref="PhotoKind.None"/> when it could not be read, which decoding then reports.</param>
internal sealed record PhotoSource(string Path, PhotoHeader Header)
{
    public override string ToString() => Path;
}
