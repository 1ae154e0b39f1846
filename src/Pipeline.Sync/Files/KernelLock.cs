using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync;

/// <summary>An exclusive lock on an open file that the kernel ends when the file description is closed, however the process ends.</summary>
/// <remarks>Stateless and safe for concurrent use; the caller sees to it that it does not lock one handle twice.</remarks>
internal abstract class KernelLock
{
    /// <summary>Gets or sets the locks of this system. Tests replace it by one that does nothing, to show that the tests notice.</summary>
    public static KernelLock System { get; set; } = OperatingSystem.IsWindows() ? new WindowsKernelLock() : new UnixKernelLock();

    /// <summary>Opens a file for locking, without locking it.</summary>
    /// <exception cref="FileNotFoundException">It is missing and must not be created.</exception>
    public abstract SafeFileHandle Open(string path, bool create);

    /// <summary>Takes the lock if no other open of the file has it. Any failure except "busy" is raised, never swallowed.</summary>
    public abstract bool TryLock(SafeFileHandle handle, string path);

    /// <summary>Gives the lock back.</summary>
    public abstract void Unlock(SafeFileHandle handle, string path);

    /// <summary>Tells whether the path still leads to the open file; false when it was deleted or replaced.</summary>
    public abstract bool IsSameFile(SafeFileHandle handle, string path);
}
