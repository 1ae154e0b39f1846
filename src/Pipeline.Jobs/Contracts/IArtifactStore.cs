namespace Pipeline.Jobs;

/// <summary>Where inputs and results are kept. An artifact appears whole under its name or not at all.</summary>
/// <remarks>Thread-safe. Names are checked by <see cref="ArtifactName"/>.</remarks>
public interface IArtifactStore
{
    /// <summary>Stores an artifact; it replaces none.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="content">The bytes, read to their end. The caller disposes the stream.</param>
    /// <param name="contentType">The media type, for example <c>image/jpeg</c>.</param>
    /// <param name="maxBytes">The greatest length; null for no limit.</param>
    /// <param name="cancellationToken">Stops; nothing is left behind.</param>
    /// <returns>What was stored; null when an artifact of that name exists already.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    /// <exception cref="ArtifactTooLargeException">The content is longer than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="IOException">The store failed.</exception>
    ValueTask<ArtifactInfo?> PutAsync(string name, Stream content, string contentType, long? maxBytes, CancellationToken cancellationToken);

    /// <summary>Opens an artifact for reading from its start. The stream can seek.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The stream, which the caller disposes; null when there is no such artifact.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    /// <exception cref="IOException">The store failed.</exception>
    ValueTask<Stream?> OpenReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Says what is known about an artifact.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its facts; null when there is no such artifact.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    /// <exception cref="IOException">The store failed.</exception>
    ValueTask<ArtifactInfo?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Removes an artifact, if it is there.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when it is gone.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    /// <exception cref="IOException">The store failed.</exception>
    ValueTask DeleteAsync(string name, CancellationToken cancellationToken);
}
