namespace Pipeline.Sync;

/// <summary>The file system of a directory does not lock files, so nothing that relies on it was opened.</summary>
public sealed class LockingUnavailableException : IOException
{
    internal LockingUnavailableException(string directory, string fileSystem, string message)
        : base(message)
    {
        Directory = directory;
        FileSystem = fileSystem;
    }

    /// <summary>Gets the directory that was probed.</summary>
    public string Directory { get; }

    /// <summary>Gets the kind of file system as the operating system names it, for example <c>nfs</c>.</summary>
    /// <value><c>unknown</c> when it could not be found out.</value>
    public string FileSystem { get; }
}
