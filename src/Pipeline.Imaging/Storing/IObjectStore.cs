namespace Pipeline.Imaging;

/// <summary>Where outputs go: a folder, or a store of objects. Thread-safe.</summary>
public interface IObjectStore
{
    /// <summary>Stores one object so that it is there whole or not at all.</summary>
    /// <param name="name">The relative name with forward slashes: <c>holiday/beach_1920.jpg</c>.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="sourcePath">The file that it was made from; the store never replaces it.</param>
    /// <param name="cancellationToken">Stops before the object appears.</param>
    /// <returns>Where it is: a full path or an address.</returns>
    /// <exception cref="PhotoException">It cannot be stored (<see cref="PhotoFailure.StoreFailed"/>, <see cref="PhotoFailure.OutputIsInput"/>).</exception>
    ValueTask<string> PutAsync(string name, ReadOnlyMemory<byte> content, string sourcePath, CancellationToken cancellationToken);
}
