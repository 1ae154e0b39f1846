using System.Runtime.InteropServices;

namespace Pipeline.Imaging.Internal;

/// <summary>Keeps the C heap from holding on to picture buffers that were freed.</summary>
/// <remarks>
/// glibc raises its mmap threshold to the size of the blocks that are freed (up to 32 MiB); from then on pictures of that size
/// live on the heap, whose free space goes back to the system only from its end. A long run then holds far more
/// than its photos need. A fixed threshold sends every large block straight back. See mallopt(3), M_MMAP_THRESHOLD.
/// </remarks>
internal static partial class NativeHeap
{
    private const int MmapThreshold = -3;
    private const int ThresholdBytes = 1 << 20;

    /// <summary>Fixes the threshold; does nothing where the C library has no such knob.</summary>
    public static void Tune()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = MallOpt(MmapThreshold, ThresholdBytes);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // musl: no mallopt, and its allocator maps large blocks by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MallOpt(int parameter, int value);
}
