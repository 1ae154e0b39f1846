using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync;

/// <summary>Opens files that others may be writing, and forces content and names to the disk. Every failure is raised.</summary>
internal static class DurableFile
{
    /// <summary>Opens a file to read it while its owner may be writing to it.</summary>
    /// <remarks>The runtime locks every file that it opens on Unix, which an owner's lock would refuse, so the system is called directly.</remarks>
    public static SafeFileHandle OpenToRead(string path) => OperatingSystem.IsWindows()
        ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
        : Libc.Open(path, create: false, readOnly: true);

    /// <summary>Forces everything that was written to a file so far to the disk, by any process.</summary>
    /// <remarks>The runtime's own flush does not raise what <c>fsync</c> reports, so the system is called directly.</remarks>
    public static void Flush(SafeFileHandle file, string path)
    {
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(file); // raises on Windows; on macOS it empties the drive's cache too
        if (!OperatingSystem.IsWindows())
            Libc.Flush(file, path);
    }

    /// <summary>Forces the name of a file to the disk.</summary>
    public static void FlushName(string path)
    {
        if (!OperatingSystem.IsWindows())
            Libc.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
