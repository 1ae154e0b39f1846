namespace Pipeline.Jobs;

/// <summary>Makes links that let whoever holds them do one thing with one artifact for a short time.</summary>
/// <remarks>Thread-safe. Links are made when they are asked for and never stored.</remarks>
public interface IArtifactLinks
{
    /// <summary>Makes a link that gives the bytes of an artifact.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="fileName">The name under which a browser saves it.</param>
    /// <param name="life">How long the link works.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The link; relative when it leads to this service.</returns>
    ValueTask<Uri> CreateDownloadAsync(string name, string fileName, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>Makes a link that takes the bytes of an artifact by PUT.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="contentType">The media type that must be sent.</param>
    /// <param name="maxBytes">The greatest length.</param>
    /// <param name="life">How long the link works.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The link; relative when it leads to this service.</returns>
    ValueTask<Uri> CreateUploadAsync(string name, string contentType, long maxBytes, TimeSpan life, CancellationToken cancellationToken);
}
