using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync;

/// <summary>The few calls of the C library that .NET does not offer. .NET's own file locking fails open: it can be switched off by an environment variable and
/// ignores every error but "busy", so locks are taken here directly and every error is raised.</summary>
internal static partial class Libc
{
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;
    public const int LockUnlock = 8;
    public const int Interrupted = 4; // EINTR, the same on Linux and macOS
    public const int Missing = 2; // ENOENT, the same on Linux and macOS
    public const int InvalidArgument = 22; // EINVAL, the same on Linux and macOS
    public const int Exists = 17; // EEXIST, the same on Linux and macOS

    public static int WouldBlock => OperatingSystem.IsMacOS() ? 35 : 11;

    private const int ReadWrite = 2;

    /// <summary>Opens a file close-on-exec.</summary>
    public static SafeFileHandle Open(string path, bool create, bool readOnly = false)
    {
        int creation = !create ? 0 : OperatingSystem.IsMacOS() ? 0x200 : 0x40;
        int closeOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
        if (create && OperatingSystem.IsMacOS() && !File.Exists(path))
        {
            // open() takes its third argument differently on Apple silicon, so the file is created by other means there.
            using SafeFileHandle made = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            creation = 0;
        }

        int descriptor;
        do
        {
            descriptor = Open(path, (readOnly ? 0 : ReadWrite) | creation | closeOnExec, 0x1B6 /* 0666, reduced by the umask */);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        if (descriptor >= 0)
            return new SafeFileHandle(descriptor, ownsHandle: true);
        throw Marshal.GetLastPInvokeError() == Missing
            ? new FileNotFoundException($"'{path}' does not exist.", path)
            : Failure("open", path);
    }

    /// <summary>Forces the names in a directory to the disk. A file system that cannot do that is left to its own ways.</summary>
    public static void FlushDirectory(string path)
    {
        int descriptor = Open(path, OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000, 0); // read-only, close-on-exec
        if (descriptor < 0)
            return; // a directory that may be written but not read
        using SafeFileHandle directory = new(descriptor, ownsHandle: true);
        Flush(directory, path, except: InvalidArgument);
    }

    /// <summary>Forces an open file to the disk; any failure but the given one is raised.</summary>
    public static void Flush(SafeFileHandle file, string path, int except = Interrupted)
    {
        while (Fsync(file) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == Interrupted)
                continue;
            if (error == except)
                return;
            throw Failure("fsync", path);
        }
    }

    public static IOException Failure(string call, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of '{path}' failed: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeFileHandle descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string name);

    /// <summary>Reads identity facts of a file; the layout of its result is the same on every Linux architecture.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int Statx(int directory, string path, int flags, uint mask, byte* result);
}
