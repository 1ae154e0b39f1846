using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Jobs;

/// <summary>Keeps artifacts as files in a folder: written under a temporary name, flushed, then given their name, which fails when it is taken.</summary>
/// <remarks>
/// Thread-safe; any number of processes may share the folder. On a local file system. Facts of an artifact are in a small file beside it. What a killed process
/// left half-written stays under <c>.partial</c> and is removed after a day.
/// </remarks>
public sealed class FolderArtifactStore : IArtifactStore
{
    private const string Facts = ".facts";
    private const int BufferBytes = 128 * 1024;

    private readonly string _partial;

    /// <summary>Opens the folder, or creates it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public FolderArtifactStore(string folder, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Folder = Path.GetFullPath(folder);
        _partial = Path.Combine(Folder, ".partial");
        Directory.CreateDirectory(_partial);
        DateTime yesterday = (timeProvider ?? TimeProvider.System).GetUtcNow().UtcDateTime.AddDays(-1);
        foreach (string file in Directory.EnumerateFiles(_partial))
        {
            if (File.GetLastWriteTimeUtc(file) < yesterday)
                File.Delete(file);
        }
    }

    /// <summary>Gets the folder.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public async ValueTask<ArtifactInfo?> PutAsync(string name, Stream content, string contentType, long? maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        string path = PathOf(name);
        string partial = Path.Combine(_partial, Guid.NewGuid().ToString("N"));
        try
        {
            (long bytes, string hash) = await WriteAsync(partial, content, maxBytes, cancellationToken).ConfigureAwait(false);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            ArtifactInfo info = new(name, bytes, contentType, hash);
            if (!MoveNew(partial, path))
                return null;
            WriteFacts(path, info);
            return info;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream?> OpenReadAsync(string name, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        try
        {
            return new ValueTask<Stream?>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes, FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ArtifactInfo?> FindAsync(string name, CancellationToken cancellationToken)
    {
        FileInfo file = new(PathOf(name));
        if (!file.Exists)
            return default;
        try
        {
            string[] facts = File.ReadAllLines(file.FullName + Facts);
            if (facts.Length >= 2)
                return new ValueTask<ArtifactInfo?>(new ArtifactInfo(name, file.Length, facts[0], facts[1]));
        }
        catch (FileNotFoundException)
        {
            // The process died between the two files; the bytes are whole, and what is missing can be said from them.
        }

        return new ValueTask<ArtifactInfo?>(new ArtifactInfo(name, file.Length, "application/octet-stream", $"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}"));
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        try
        {
            File.Delete(path);
            File.Delete(path + Facts);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already.
        }

        return default;
    }

    private static async Task<(long Bytes, string Hash)> WriteAsync(string partial, Stream content, long? maxBytes, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        long bytes = 0;
        FileStream file = new(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                bytes += read;
                if (bytes > maxBytes)
                    throw new ArtifactTooLargeException(maxBytes.Value);
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            file.Flush(flushToDisk: true);
        }

        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // A hard link fails when the name is taken, in one step; a move with a look before it does not.
    private static bool MoveNew(string partial, string path)
    {
        try
        {
            File.Move(partial, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    private void WriteFacts(string path, ArtifactInfo info)
    {
        string partial = Path.Combine(_partial, Guid.NewGuid().ToString("N"));
        File.WriteAllText(partial, $"{info.ContentType.ReplaceLineEndings(" ")}\n{info.ETag}\n", Encoding.UTF8);
        File.Move(partial, path + Facts, overwrite: true);
    }

    private string PathOf(string name)
    {
        ArtifactName.Checked(name);
        if (name.EndsWith(Facts, StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"The artifact name '{name}' ends in '{Facts}', which the folder uses itself. Use another ending.", nameof(name));
        return Path.Combine(Folder, name.Replace('/', Path.DirectorySeparatorChar));
    }
}
