using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync;

/// <summary><c>flock</c>: belongs to the open file description, so two opens in one process exclude each other and any thread may release.</summary>
internal sealed class UnixKernelLock : KernelLock
{
    private const int StatxSize = 256;
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint WantInode = 0x100; // STATX_INO
    private static bool s_noStatx; // written once by the first thread that meets an old C library; a race only repeats the discovery

    public override SafeFileHandle Open(string path, bool create) => Libc.Open(path, create);

    public override bool TryLock(SafeFileHandle handle, string path)
    {
        while (Libc.Flock(handle, Libc.LockExclusive | Libc.LockNonBlocking) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == Libc.WouldBlock)
                return false;
            if (error != Libc.Interrupted)
                throw Libc.Failure("flock", path);
        }

        return true;
    }

    public override void Unlock(SafeFileHandle handle, string path)
    {
        while (Libc.Flock(handle, Libc.LockUnlock) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Libc.Interrupted)
                throw Libc.Failure("flock (unlock)", path);
        }
    }

    public override bool IsSameFile(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux() || s_noStatx)
            return true;
        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            return Identity((int)handle.DangerousGetHandle(), "", EmptyPath) is { } open && Identity(CurrentDirectory, path, 0) == open;
        }
        catch (EntryPointNotFoundException)
        {
            s_noStatx = true;
            return true;
        }
        finally
        {
            if (held)
                handle.DangerousRelease();
        }
    }

    private static unsafe (ulong Inode, ulong Device)? Identity(int directory, string path, int flags)
    {
        byte* result = stackalloc byte[StatxSize];
        if (Libc.Statx(directory, path, flags, WantInode, result) != 0)
            return null;
        ReadOnlySpan<byte> bytes = new(result, StatxSize);
        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[136..]));
    }
}
