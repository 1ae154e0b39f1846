using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Sync;

/// <summary><c>LockFileEx</c> on one byte far beyond the end of the file: belongs to the handle, and does not keep others from reading the content.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsKernelLock : KernelLock
{
    private const int LockedByteHigh = 0x4000_0000;

    public override SafeFileHandle Open(string path, bool create) =>
        File.OpenHandle(path, create ? FileMode.OpenOrCreate : FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    public override bool TryLock(SafeFileHandle handle, string path)
    {
        NativeOverlapped where = Where();
        if (Kernel32.LockFileEx(handle, Kernel32.Exclusive | Kernel32.FailImmediately, 0, 1, 0, ref where))
            return true;
        int error = Marshal.GetLastPInvokeError();
        if (error is Kernel32.LockViolation or Kernel32.IoPending)
            return false;
        throw new IOException($"LockFileEx of '{path}' failed: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).", error);
    }

    public override void Unlock(SafeFileHandle handle, string path)
    {
        NativeOverlapped where = Where();
        if (Kernel32.UnlockFileEx(handle, 0, 1, 0, ref where))
            return;
        int error = Marshal.GetLastPInvokeError();
        throw new IOException($"UnlockFileEx of '{path}' failed: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).", error);
    }

    // An open file cannot be replaced here: it is opened without FileShare.Delete.
    public override bool IsSameFile(SafeFileHandle handle, string path) => true;

    private static NativeOverlapped Where() => new() { OffsetHigh = LockedByteHigh };
}
