namespace Pipeline.Imaging;

/// <summary>Stores outputs as files in a folder: written under a temporary name beside the target, flushed to disk, then renamed. Thread-safe.</summary>
/// <remarks>
/// At every moment, also after a kill or a full disk, a name in the folder is a whole file or absent. Temporary files that a killed process left behind are
/// deleted when their folder is first written to; those of living processes are locked and stay.
/// </remarks>
public sealed class FileStore : IObjectStore
{
    private const string TemporaryMark = ".pipeline-tmp";
    private readonly Lock _gate = new();
    private readonly HashSet<string> _preparedFolders = new(StringComparer.Ordinal); // guarded by _gate

    /// <summary>Initializes a new instance of the <see cref="FileStore"/> class.</summary>
    /// <param name="folder">The folder; made with the first output when it is missing.</param>
    public FileStore(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = Path.GetFullPath(folder);
    }

    /// <summary>Gets the full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Gets the files that must never be replaced, usually all inputs of the run, as full paths.</summary>
    /// <value>Default none. The source of an output is protected in any case.</value>
    public IReadOnlySet<string> ProtectedFiles { get; init; } = new HashSet<string>();

    /// <summary>Gets how old a temporary file must be to count as left behind by a killed process.</summary>
    /// <value>Default 0. Set a minute where several processes write into one folder: one of them may be between making and locking its file.</value>
    public TimeSpan LeftoverAge { get; init; }

    /// <inheritdoc/>
    public async ValueTask<string> PutAsync(
        string name, ReadOnlyMemory<byte> content, string sourcePath, CancellationToken cancellationToken)
    {
        string target = TargetFor(name, sourcePath);
        string folder = Path.GetDirectoryName(target)!;
        string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}{TemporaryMark}");
        bool made = false;
        try
        {
            Prepare(folder);
            cancellationToken.ThrowIfCancellationRequested();
            // The open file is locked until it has its name, which tells another clean-up that its writer lives; sharing deletion lets it be renamed.
            FileStreamOptions options = new()
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Delete,
                BufferSize = 0,
                PreallocationSize = content.Length,
            };
            FileStream stream = new(temporary, options);
            made = true;
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
                RandomAccess.FlushToDisk(stream.SafeFileHandle);
                cancellationToken.ThrowIfCancellationRequested();
                File.Move(temporary, target, overwrite: true);
            }

            return target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DeleteQuietly(temporary);
            throw new PhotoException(
                target,
                PhotoFailure.StoreFailed,
                $"'{target}' could not be written: {e.Message} Nothing half-written was left. Check free space and permissions of "
                    + $"'{folder}'.",
                e);
        }
        catch when (made)
        {
            DeleteQuietly(temporary);
            throw;
        }
    }

    private string TargetFor(string name, string sourcePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string target = Path.GetFullPath(Path.Combine(Folder, name));
        if (!target.StartsWith(Path.TrimEndingDirectorySeparator(Folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new PhotoException(
                target,
                PhotoFailure.StoreFailed,
                $"The output name '{name}' leads out of the folder '{Folder}'. Names must be relative and stay inside it.");
        if (FileIdentity.Same(target, sourcePath) || ProtectedFiles.Contains(target))
            throw new PhotoException(
                target,
                PhotoFailure.OutputIsInput,
                $"'{target}' is an input and would be replaced by an output. Choose another output folder.");
        return target;
    }

    private void Prepare(string folder)
    {
        // No thread writes into a folder before its clean-up is over: it would take a file for left behind in the moment between its making and its lock.
        lock (_gate)
        {
            if (_preparedFolders.Contains(folder))
                return;
            Directory.CreateDirectory(folder);
            foreach (string temporary in Directory.EnumerateFiles(folder, $".*{TemporaryMark}"))
                DeleteIfLeftBehind(temporary);
            _preparedFolders.Add(folder);
        }
    }

    private void DeleteIfLeftBehind(string temporary)
    {
        try
        {
            if (LeftoverAge > TimeSpan.Zero && TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(temporary) < LeftoverAge)
                return;

            // Opening it alone succeeds only when no living writer holds it.
            using (new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
            }

            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use, or not ours to delete: it stays.
        }
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that is already on its way says more; the next run cleans up.
        }
    }
}
