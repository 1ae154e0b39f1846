using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync;

/// <summary>One file that is opened once and locked and unlocked often (about 1.4 us a pair; opening each time costs five times that).</summary>
/// <remarks>
/// Locking rule: not thread-safe; the owner serializes calls. <see cref="IsHeld"/> is written by the owner under its own lock. The file is never deleted,
/// renamed or truncated by this library: a deleted lock file would let two processes hold "the same" lock.
/// </remarks>
[DebuggerDisplay("{Path}, held {IsHeld}")]
internal sealed class FileLock(string path, bool create = true) : IDisposable
{
    private SafeFileHandle _handle = KernelLock.System.Open(path, create);

    /// <summary>Opens a lock file to look at it, if it is there.</summary>
    public static FileLock? OpenExisting(string path)
    {
        try
        {
            return File.Exists(path) ? new FileLock(path, create: false) : null;
        }
        catch (IOException error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // removed in between
        }
    }

    public string Path { get; } = path;

    public bool IsHeld { get; private set; }

    /// <summary>Gets the open file, for the content that tells people who holds the lock.</summary>
    public SafeFileHandle Handle => _handle;

    /// <summary>Takes the lock, or returns false when another open of the file has it or this object has it already.</summary>
    public bool TryLock()
    {
        while (!IsHeld && KernelLock.System.TryLock(_handle, Path))
        {
            if (KernelLock.System.IsSameFile(_handle, Path))
                return IsHeld = true;
            if (!create)
                return false; // an observer: the file that was at the path is gone
            // The directory was cleaned: this lock is on a file that no other process will find. Start again on the file at the path.
            _handle.Dispose();
            _handle = KernelLock.System.Open(Path, create: true);
        }

        return false;
    }

    /// <summary>Writes what people and the wait-for graph read about the holder. The lock is what counts, so a full disk costs this text and nothing
    /// else.</summary>
    public void Inscribe(ReadOnlySpan<byte> record)
    {
        try
        {
            RandomAccess.Write(_handle, record, 0);
        }
        catch (IOException)
        {
            // The holder stays unnamed, which readers expect: it may also have been killed before it could write.
        }
    }

    public void Unlock()
    {
        if (!IsHeld)
            return;
        IsHeld = false;
        if (!_handle.IsClosed)
            KernelLock.System.Unlock(_handle, Path);
    }

    /// <summary>Tells whether the lock is free at this moment, by taking and returning it.</summary>
    public bool IsFree()
    {
        if (!TryLock())
            return false;
        Unlock();
        return true;
    }

    /// <summary>Closes the file; the kernel ends the lock, exactly as at the death of the process.</summary>
    public void Dispose() => _handle.Dispose();
}
