using System.Runtime.InteropServices;

// libc and kernel32 are the system's own; they are never looked for beside the application.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32 | DllImportSearchPath.SafeDirectories)]

namespace Pipeline.Processes;

/// <summary>The Linux calls of the pool. .NET's <c>Process</c> can neither hand private descriptors to a child nor tell a signal from an exit code.</summary>
internal static unsafe partial class Libc
{
    // The full name is found at once; "libc" is looked for in a dozen places first, by every worker that starts. musl takes any name that begins with "libc."
    // for itself.
    private const string Library = "libc.so.6";

    public const int CloseOnExec = 0x80000;
    public const int SigKill = 9;
    public const int ErrorInterrupted = 4;
    public const int SetParentDeathSignal = 1;
    public const int DuplicateCloseOnExec = 1030;
    public const int SetDescriptorFlags = 2;
    public const int SpawnSetProcessGroup = 2;
    public const int ProtectReadWrite = 3;
    public const int MapShared = 1;
    public const int MapNoReserve = 0x4000;
    public const int PunchHole = 3; // and keep the size

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint read(int descriptor, byte* buffer, nint count);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint write(int descriptor, byte* buffer, nint count);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int close(int descriptor);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int pipe2(int* descriptors, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int kill(int process, int signal);

    [LibraryImport(Library)]
    public static partial int getppid();

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int sched_getcpu();

    [LibraryImport(Library, SetLastError = true)]
    public static partial int waitpid(int process, int* status, int options);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int prctl(int option, nuint value, nuint a, nuint b, nuint c);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int ftruncate(int descriptor, long length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fallocate(int descriptor, int mode, long offset, long length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int munmap(void* address, nuint length);

    [LibraryImport(Library)]
    public static partial void _exit(int status);

    [LibraryImport(Library)]
    public static partial int posix_spawn(
        int* process, byte* path, void* fileActions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_init(void* fileActions);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_destroy(void* fileActions);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_adddup2(void* fileActions, int source, int target);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn_file_actions_addopen(void* fileActions, int target, string path, int flags, uint mode);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn_file_actions_addchdir_np(void* fileActions, string path);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setpgroup(void* attributes, int group);

    /// <summary>Reads once; waits until there is something.</summary>
    /// <returns>Bytes read; 0 at the end of the stream or when the descriptor cannot be read any more.</returns>
    public static int ReadSome(int descriptor, Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            while (true)
            {
                nint count = read(descriptor, start, destination.Length);
                if (count >= 0)
                    return (int)count;
                if (Marshal.GetLastPInvokeError() != ErrorInterrupted)
                    return 0;
            }
        }
    }

    /// <summary>Writes everything; waits while the pipe is full.</summary>
    /// <returns>False when the other end is gone.</returns>
    public static bool WriteAll(int descriptor, ReadOnlySpan<byte> source)
    {
        fixed (byte* start = source)
        {
            nint done = 0;
            while (done < source.Length)
            {
                nint count = write(descriptor, start + done, source.Length - done);
                if (count > 0)
                    done += count;
                else if (Marshal.GetLastPInvokeError() != ErrorInterrupted)
                    return false;
            }
        }

        return true;
    }

    /// <summary>One entry of <c>poll</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
