using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Pipeline.Processes;

/// <summary>The job object that ends all workers when this process ends, however it ends: Windows closes its handle then.</summary>
internal static unsafe partial class WindowsJob
{
    private const int ExtendedLimitInformation = 9;
    private const uint KillOnJobClose = 0x2000;
    private const int ExtendedLimitBytes = 144;
    private const int LimitFlagsOffset = 16;

    private static readonly Lock s_gate = new();
    private static nint s_job; // guarded by s_gate; never closed on purpose

    public static void Add(Process process)
    {
        if (!OperatingSystem.IsWindows() || !Environment.Is64BitProcess)
            return;
        lock (s_gate)
        {
            if (s_job == 0)
                s_job = Create();
            if (!AssignProcessToJobObject(s_job, process.Handle))
                throw new Win32Exception(
                    Marshal.GetLastPInvokeError(), "The worker could not be put into the job object that ends it with this process.");
        }
    }

    [SupportedOSPlatform("windows")]
    private static nint Create()
    {
        nint job = CreateJobObjectW(0, 0);
        byte* limits = stackalloc byte[ExtendedLimitBytes];
        new Span<byte>(limits, ExtendedLimitBytes).Clear();
        *(uint*)(limits + LimitFlagsOffset) = KillOnJobClose;
        return job != 0 && SetInformationJobObject(job, ExtendedLimitInformation, limits, ExtendedLimitBytes)
            ? job
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), "The job object for workers could not be created.");
    }

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint CreateJobObjectW(nint attributes, nint name);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetInformationJobObject(nint job, int kind, void* information, uint length);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(nint job, nint process);
}
