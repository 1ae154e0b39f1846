namespace Pipeline.Sync;

/// <summary>Proves at start-up that the file system of a directory really locks, and refuses to go on when it does not.</summary>
internal static class LockProbe
{
    private const string FileName = "probe";

    /// <summary>Locks a file through two opens; the second must be refused.</summary>
    public static void Run(string directory, bool allowNetworkFileSystem)
    {
        string format = "unknown";
        bool network = false;
        try
        {
            DriveInfo drive = new(directory);
            format = drive.DriveFormat;
            network = drive.DriveType == DriveType.Network;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The kind of file system is only used in messages and for the network rule; the probe below decides.
        }

        if (network && !allowNetworkFileSystem)
        {
            throw new LockingUnavailableException(directory, format,
                $"'{directory}' is on a network file system ({format}), where locks may be missing, slow to wake, or kept after a crash. "
                + "Use a local directory, or set AllowNetworkFileSystem after testing that server.");
        }

        string path = Path.Combine(directory, FileName);
        using FileLock first = new(path);
        using FileLock second = new(path);
        if (!first.TryLock())
            return; // another process probes at this moment, and its lock is seen: locking works
        bool bothLocked = second.TryLock();
        if (bothLocked)
        {
            throw new LockingUnavailableException(directory, format,
                $"The file system of '{directory}' ({format}) does not lock: the same file could be locked twice. "
                + "Permits would not be exclusive there. Use a directory on a local file system.");
        }
    }
}
