namespace Pipeline.Cli;

/// <summary>The list of finished photos in an output folder, from which <c>--resume</c> goes on.</summary>
/// <remarks>
/// Append-only: one line per photo, written and flushed to disk after all outputs of the photo are in place. A kill at any
/// moment leaves whole lines and at most one torn one, which the next run cuts off.
/// <para>Locking: the file is held exclusively by the process that writes to the folder; appends are serialized by <see cref="_gate"/>.</para>
/// </remarks>
internal sealed class ResumeManifest : IAsyncDisposable
{
    /// <summary>The manifest's name in the output folder.</summary>
    public const string FileName = ".pipeline-manifest";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<(string Source, string Options), FinishedPhoto> _finished = []; // written once before use
    private readonly Dictionary<string, FinishedPhoto> _writers = new(FileNames.OutputComparer); // written once before use
    private readonly string _folder;
    private readonly FileStream _file; // guarded by _gate

    private ResumeManifest(string folder, FileStream file)
    {
        _folder = folder;
        _file = file;
    }

    /// <summary>Gets how many lines of the file were damaged and are not counted as finished.</summary>
    public int DamagedLines { get; private set; }

    /// <summary>Opens or creates the manifest of a folder and locks it against other runs.</summary>
    /// <param name="folder">The output folder, which exists.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="IOException">The file cannot be opened, or another run holds it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static async Task<ResumeManifest> OpenAsync(string folder)
    {
        // FileShare.None is a kernel lock, which ends with the process however it dies.
        FileStream file = new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            byte[] bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes).ConfigureAwait(false);
            ManifestContent content = ManifestContent.Read(bytes);
            file.SetLength(content.CompleteLength);
            file.Position = content.CompleteLength;
            ResumeManifest manifest = new ResumeManifest(folder, file) { DamagedLines = content.DamagedLines };
            foreach (FinishedPhoto photo in content.Photos)
                manifest.Index(photo);
            return manifest;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Finds the record of a photo whose outputs are all in place.</summary>
    /// <param name="photo">The photo as it is now.</param>
    /// <param name="options">The fingerprint of the options of this run.</param>
    /// <param name="outputs">The outputs' paths within the output folder that this run would write.</param>
    /// <returns>The record; null when the photo has to be processed.</returns>
    public FinishedPhoto? Find(InputPhoto photo, string options, IReadOnlyCollection<string> outputs)
    {
        if (!_finished.TryGetValue((photo.RealPath, options), out FinishedPhoto? finished)
            || finished.Length != photo.Length
            || finished.ModifiedTicks != photo.ModifiedTicks
            || !outputs.ToHashSet(StringComparer.Ordinal).SetEquals(finished.Outputs.Select(output => output.Path)))
        {
            return null;
        }

        return finished.Outputs.All(output => ReferenceEquals(_writers[output.Path], finished) && IsInPlace(output)) ? finished : null;
    }

    /// <summary>Records a finished photo and returns when the record is on disk.</summary>
    /// <param name="photo">The photo, whose outputs are all in place.</param>
    /// <returns>A task that ends when the record is durable.</returns>
    /// <exception cref="IOException">The record cannot be written.</exception>
    public async ValueTask AppendAsync(FinishedPhoto photo)
    {
        byte[] line = ManifestLine.Write(photo);
        // Without cancellation: the outputs are in place, so the record belongs there as well.
        await _gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            long start = _file.Position;
            try
            {
                await _file.WriteAsync(line, CancellationToken.None).ConfigureAwait(false);
#pragma warning disable CA1849 // FlushAsync has no way to the disk, only to the operating system
                _file.Flush(flushToDisk: true);
#pragma warning restore CA1849
            }
            catch (IOException)
            {
                // A full disk may have taken part of the line; the records after it must not stick to it.
                _file.SetLength(start);
                _file.Position = start;
                throw;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync().ConfigureAwait(false);
        _gate.Dispose();
    }

    // A later record that wrote the same file, with other options or from another photo, took it over.
    private void Index(FinishedPhoto photo)
    {
        _finished[(photo.Source, photo.Options)] = photo;
        foreach (FinishedOutput output in photo.Outputs)
            _writers[output.Path] = photo;
    }

    private bool IsInPlace(FinishedOutput output)
    {
        FileInfo file = new FileInfo(Path.Combine(_folder, output.Path));
        return file.Exists && file.Length == output.Bytes;
    }
}
