using System.Runtime.InteropServices;

namespace Pipeline.Imaging;

/// <summary>Keeps the C heap from holding on to whole pictures that were freed, and lets it keep what libvips needs for every strip.</summary>
/// <remarks>
/// glibc raises its mmap threshold to the size of the blocks that are freed (up to 32 MiB); from then on pictures of that size live on the heap, whose free
/// space goes back to the system only from its end. A long run then holds far more than its photos need. A fixed threshold sends every picture straight back;
/// the strips of libvips are below it and are used again without new page faults, as long as the end of the heap is not given back each time. See mallopt(3),
/// M_MMAP_THRESHOLD and M_TRIM_THRESHOLD.
/// </remarks>
internal static partial class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int TrimBytes = 32 << 20;
    private const int MmapThreshold = -3;
    private const int MmapBytes = 8 << 20;

    /// <summary>Fixes the thresholds; does nothing where the C library has no such knob.</summary>
    public static void Tune()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = MallOpt(MmapThreshold, MmapBytes);
            _ = MallOpt(TrimThreshold, TrimBytes);
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
